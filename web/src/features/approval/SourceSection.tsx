import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Section } from '@/components/Page';
import type { ConditionProblem } from '@/features/condition/fields';
import { Button } from '@/ui/Button';
import { FALLBACK, hiddenBy, type RuleDraft, type RuleProblem, type Source } from './flows';
import { presetsOf } from './presets';
import { RuleCard } from './RuleCard';
import { useDragOrder } from './useDragOrder';

export interface Editing {
  drafts: readonly RuleDraft[];
  open: ReadonlySet<string>;
  onOpen: (key: string, open: boolean) => void;
  onAdd: (rule: RuleDraft) => void;
  onChange: (rule: RuleDraft) => void;
  onMove: (key: string, to: number) => void;
  onRemove: (key: string) => void;
  problems: ReadonlyMap<string, readonly RuleProblem[]>;
  refused: ReadonlyMap<string, ConditionProblem>;
}

const NONE: readonly RuleProblem[] = [];

/** The rules about one kind of thing, in the order in which they are asked. */
export function SourceSection({ source, editing }: { source: Source; editing: Editing }) {
  const { t } = useTranslation();
  const { drafts } = editing;
  const rules = drafts.filter((rule) => rule.source === source);
  const drag = useDragOrder((from, to) => {
    const key = rules[from]?.key;
    if (key !== undefined) editing.onMove(key, to);
  });
  const numberOf = (rule: RuleDraft) => drafts.indexOf(rule) + 1;
  const title = t(`approval.source.${source}`);
  return (
    <Section title={title}>
      <p className="-mt-1 text-small text-muted">{t(`approval.sourceText.${source}`)}</p>
      {rules.length > 0 && (
        <ol aria-label={t('approval.rulesOf', { source: title })} className="flex flex-col gap-2">
          {rules.map((rule, at) => {
            const hider = hiddenBy(drafts, rule);
            return (
              <RuleCard
                key={rule.key}
                rule={rule}
                number={numberOf(rule)}
                at={at}
                count={rules.length}
                open={editing.open.has(rule.key)}
                onOpen={(open) => editing.onOpen(rule.key, open)}
                onChange={editing.onChange}
                onMove={(to) => editing.onMove(rule.key, to)}
                onRemove={() => editing.onRemove(rule.key)}
                hiddenBy={hider && { title: hider.title || t('approval.untitled'), number: numberOf(hider) }}
                problems={editing.problems.get(rule.key) ?? NONE}
                refused={editing.refused.get(rule.key)}
                drag={drag}
              />
            );
          })}
        </ol>
      )}
      {rules.length === 0 && (
        <p className="rounded-card border border-dashed border-line-strong/50 bg-surface px-4 py-3 text-muted">
          {t(source === FALLBACK ? 'approval.noFallback' : 'approval.noRules')}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {presetsOf(source).map(({ key, make }) => (
          <Button key={key} size="sm" onClick={() => editing.onAdd(make(t))}>
            <Plus aria-hidden="true" />
            {key === 'empty' ? t('approval.addRule', { source: title }) : t(`approval.preset.${key}`)}
          </Button>
        ))}
      </div>
    </Section>
  );
}
