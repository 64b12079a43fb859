import { useTranslation } from 'react-i18next';
import { ConditionInput } from '@/features/condition/ConditionInput';
import type { ConditionProblem } from '@/features/condition/fields';
import { Segmented } from '@/ui/Segmented';
import { useScopeFields } from './useScopeFields';

interface Props {
  /** A condition, '' for everywhere. */
  value: string;
  onChange: (value: string) => void;
  problem?: ConditionProblem | undefined;
}

/** Everywhere, or only where a condition holds. */
export function ScopeField({ value, onChange, problem }: Props) {
  const { t } = useTranslation();
  const fields = useScopeFields();
  const some = value !== '';
  return (
    <div className="flex flex-col gap-2">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-small font-medium">{t('access.where')}</span>
        <Segmented
          legend={t('access.where')}
          value={some ? 'some' : 'all'}
          onChange={(next) => onChange(next === 'all' ? '' : `${fields[0]?.name} == ""`)}
          options={[
            { value: 'all', label: t('access.everywhere') },
            { value: 'some', label: t('access.somewhere') },
          ]}
        />
      </span>
      {some && (
        <ConditionInput
          label={t('access.onlyWhere')}
          value={value}
          onChange={onChange}
          fields={fields}
          problem={problem}
          always={t('access.everywhere')}
        />
      )}
    </div>
  );
}
