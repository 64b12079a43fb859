import { useTranslation } from 'react-i18next';
import { ConditionInput } from '@/features/condition/ConditionInput';
import type { ConditionProblem } from '@/features/condition/fields';
import { TextField } from '@/ui/Field';
import { FALLBACK, type RuleDraft, type RuleProblem } from './flows';
import { StepsEditor } from './StepsEditor';
import { useConditionFields } from './useConditionFields';

interface Props {
  rule: RuleDraft;
  onChange: (rule: RuleDraft) => void;
  problems: readonly RuleProblem[];
  /** What the server said about the condition. */
  refused: ConditionProblem | undefined;
}

export function RuleForm({ rule, onChange, problems, refused }: Props) {
  const { t } = useTranslation();
  const fields = useConditionFields(rule.source);
  const set = (part: Partial<RuleDraft>) => onChange({ ...rule, ...part });
  return (
    <div className="flex flex-col gap-4 border-t border-line px-3 py-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t('approval.ruleTitle')}
          value={rule.title}
          maxLength={200}
          onChange={(event) => set({ title: event.target.value })}
          error={problems.includes('title') ? t('approval.problem.title') : undefined}
        />
        <TextField
          label={t('approval.ruleDescription')}
          optional
          value={rule.description}
          maxLength={1000}
          onChange={(event) => set({ description: event.target.value })}
        />
      </div>
      <ConditionInput
        label={t('approval.condition')}
        value={rule.condition}
        onChange={(condition) => set({ condition })}
        fields={fields}
        problem={
          refused ?? (problems.includes('condition') ? { text: t('approval.problem.condition') } : undefined)
        }
        always={t(rule.source === FALLBACK ? 'approval.alwaysFallback' : 'approval.always')}
      />
      <StepsEditor
        roles={rule.roles}
        onChange={(roles) => set({ roles })}
        tried={problems.includes('role')}
      />
    </div>
  );
}
