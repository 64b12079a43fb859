import { useTranslation } from 'react-i18next';
import type { ApprovalReason, ApprovalRuleRef } from '@/api/types';
import { useMay } from '@/lib/may';
import { databaseId, instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';

interface Props {
  why: ApprovalReason | undefined;
  /** Shown at once, not only when asked for. */
  open?: boolean;
}

/** Why these people approve: the rule that matched with the values it saw, and the rules that were asked before. */
export function GateWhy({ why, open }: Props) {
  const { t } = useTranslation();
  const maySee = useMay().everywhere('bb.settings.get');
  if (!why) return null;
  const { rule, target, values = {}, tried = [] } = why;
  return (
    <details className="text-small" open={open}>
      <summary className="cursor-pointer [overflow-wrap:anywhere]">
        {rule ? (
          <>
            {t('approval.why.matched')} <RuleName rule={rule} />
          </>
        ) : (
          t('approval.why.none')
        )}
      </summary>
      <div className="mt-2 flex flex-col gap-2 border-l border-line pl-3">
        {rule?.condition && <Condition text={rule.condition} />}
        {target && (
          <p className="text-muted">
            {t('approval.why.target')}{' '}
            <span className="text-text">
              {databaseId(target)} ({instanceId(target)})
            </span>
          </p>
        )}
        <Values values={values} />
        {tried.length > 0 && (
          <div>
            <p className="font-medium">{t('approval.why.tried')}</p>
            <ol aria-label={t('approval.why.tried')} className="mt-1 flex flex-col gap-1.5">
              {tried.map((attempt) => (
                <li key={attempt.rule?.number} className="[overflow-wrap:anywhere]">
                  {attempt.rule && <RuleName rule={attempt.rule} />}
                  <span className="block text-muted">{attempt.reason}</span>
                </li>
              ))}
            </ol>
          </div>
        )}
        {maySee && <TextLink to={paths.approvalFlows()}>{t('approval.why.rules')}</TextLink>}
      </div>
    </details>
  );
}

function RuleName({ rule }: { rule: ApprovalRuleRef }) {
  const { t } = useTranslation();
  return (
    <span className="font-medium">
      {t('approval.why.rule', { number: rule.number, title: rule.title || rule.condition })}
    </span>
  );
}

const Condition = ({ text }: { text: string }) => (
  <code className="block rounded-input bg-surface px-2 py-1 font-mono text-caption whitespace-pre-wrap [overflow-wrap:anywhere]">
    {text}
  </code>
);

function Values({ values }: { values: Readonly<Record<string, string>> }) {
  const { t } = useTranslation();
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <dl
      aria-label={t('approval.why.values')}
      className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5"
    >
      {entries.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="font-mono text-caption text-muted">{name}</dt>
          <dd className="font-mono text-caption [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
