import { useTranslation } from 'react-i18next';
import { Select } from '@/ui/Select';
import { environmentTitle, useEnvironments } from './environments';

const NONE = 'none';

interface Props {
  /** `environments/test`, or '' for none. */
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string;
  allowNone?: boolean;
  bare?: boolean;
  label?: string;
  noneLabel?: string;
  className?: string;
}

export function EnvironmentSelect({ value, onChange, allowNone, label, noneLabel, ...rest }: Props) {
  const { t } = useTranslation();
  const { data = [] } = useEnvironments();
  const options = data.map((environment) => ({
    value: `environments/${environment.id}`,
    label: environmentTitle(environment),
  }));
  return (
    <Select
      {...rest}
      label={label ?? t('environment.one')}
      value={value || (allowNone ? NONE : '')}
      onChange={(next) => onChange(next === NONE ? '' : next)}
      placeholder={t('environment.choose')}
      options={allowNone ? [{ value: NONE, label: noneLabel ?? t('environment.none') }, ...options] : options}
    />
  );
}
