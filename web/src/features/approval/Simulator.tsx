import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { ApprovalGate, ApprovalRule, SimulateApprovalRequest } from '@/api/types';
import { useDebounced } from '@/hooks/useDebounced';
import { Segmented } from '@/ui/Segmented';
import { ErrorPanel } from '@/ui/States';
import { Status } from '@/ui/Status';
import { FALLBACK, SOURCES, type Source } from './flows';
import { GateWhy } from './GateWhy';
import { RoleChain } from './RuleCard';
import { StageNames, useStageWords } from './StageNames';
import { type Change, ChangeFields, NO_CHANGE } from './simulator/ChangeFields';
import { FactFields, type Facts, NO_FACTS } from './simulator/FactFields';

const PAUSE_MS = 400;
const FRESH_MS = 60_000;
/** A fallback is not about anything of its own. */
type Tried = Exclude<Source, 'SOURCE_UNSPECIFIED'>;
const TRIED = SOURCES.filter((source): source is Tried => source !== FALLBACK);

/** "Test a change": who would have to approve it, by the rules as they are on the page, saved or not. */
export function Simulator({ rules }: { rules: readonly ApprovalRule[] }) {
  const { t } = useTranslation();
  const [source, setSource] = useState<Tried>('CHANGE_DATABASE');
  const [change, setChange] = useState<Change>(NO_CHANGE);
  const [facts, setFacts] = useState<Facts>(NO_FACTS);
  const isChange = source === 'CHANGE_DATABASE';
  const now = useMemo(
    () => (isChange ? ofChange(change, rules) : ofFacts(source, facts, rules)),
    [isChange, change, source, facts, rules],
  );
  const asked = useDebounced(now, PAUSE_MS);
  const query = useRpc('ApprovalService/SimulateApproval', asked ?? {}, {
    enabled: asked !== undefined,
    keep: true,
    staleTime: FRESH_MS,
  });
  const settled = asked === now && !query.isFetching;
  const gates = now && asked ? query.data?.gates : undefined;
  return (
    <>
      <p className="text-small text-muted">{t('approval.test.text')}</p>
      <Segmented
        legend={t('approval.test.what')}
        value={source}
        onChange={setSource}
        options={TRIED.map((value) => ({ value, label: t(`approval.test.source.${value}`) }))}
      />
      {isChange ? (
        <ChangeFields value={change} onChange={setChange} />
      ) : (
        <FactFields key={source} source={source} value={facts} onChange={setFacts} />
      )}
      <p role="status" className="min-h-5 text-small">
        {!now ? (
          <span className="text-muted">{t('approval.test.empty')}</span>
        ) : !settled && !query.error ? (
          <Status kind="checking" label={t('approval.test.asking')} />
        ) : (
          gates && <Status kind="done" label={t('approval.test.gates', { count: gates.length })} />
        )}
      </p>
      {now && query.error && (
        <ErrorPanel error={query.error} doing={t('approval.test.title')} onRetry={() => query.refetch()} />
      )}
      {gates && !query.error && <Answer gates={gates} />}
    </>
  );
}

function Answer({ gates }: { gates: readonly ApprovalGate[] }) {
  const { t } = useTranslation();
  const words = useStageWords();
  return (
    <ol aria-label={t('approval.test.answer')} className="flex flex-col gap-2">
      {gates.map((gate) => (
        <li
          key={gate.environment ?? ''}
          aria-label={words(gate)}
          className="flex flex-col gap-1.5 rounded-card border border-line bg-bg px-3 py-2.5"
        >
          <StageNames gate={gate} />
          <RoleChain roles={gate.template?.flow?.roles ?? []} />
          <GateWhy why={gate.why} open />
        </li>
      ))}
    </ol>
  );
}

function ofChange(change: Change, rules: readonly ApprovalRule[]): SimulateApprovalRequest | undefined {
  if (!change.statement.trim() || change.targets.length === 0) return undefined;
  return {
    source: 'CHANGE_DATABASE',
    statement: change.statement,
    targets: [...change.targets],
    labels: change.labels
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
    rules: [...rules],
  };
}

function ofFacts(source: Source, facts: Facts, rules: readonly ApprovalRule[]): SimulateApprovalRequest {
  const values = Object.fromEntries(Object.entries(facts.values).filter(([, value]) => value.trim()));
  return { source, facts: [{ environment: facts.environment || undefined, values }], rules: [...rules] };
}
