import { useTranslation } from 'react-i18next';
import { valuesOf } from '@/features/condition/clauses';
import { clausesOf } from '@/features/condition/fields';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { databaseId, instanceId } from '@/lib/names';
import { RelativeTime } from '@/ui/RelativeTime';
import { useScopeFields } from './useScopeFields';

interface Props {
  scope: string;
  expires: string;
}

/** Where a role holds and until when, in words where they can be found; else the condition. */
export function GrantLimits({ scope, expires }: Props) {
  const { t } = useTranslation();
  const words = useScopeWords()(scope);
  if (!scope && !expires) return null;
  const over = expires !== '' && Date.parse(expires) <= Date.now();
  return (
    <span className="flex flex-wrap items-baseline gap-x-2 text-caption text-muted">
      {scope &&
        (words ? (
          <span className="[overflow-wrap:anywhere]">{words}</span>
        ) : (
          <code className="font-mono [overflow-wrap:anywhere]">{scope}</code>
        ))}
      {expires && (
        <span className={over ? 'font-medium text-danger' : ''}>
          {t(over ? 'access.ended' : 'access.ends')} <RelativeTime value={expires} />
        </span>
      )}
    </span>
  );
}

/** "only in Prod", undefined for what the builder could not say either. */
export function useScopeWords(): (scope: string) => string | undefined {
  const { t } = useTranslation();
  const fields = useScopeFields();
  const environments = useEnvironments().data ?? [];
  const nameOf = (field: string, value: string) => {
    if (field === 'resource.environment_id') {
      return environmentTitle(environments.find((e) => e.id === value)) || value;
    }
    return databaseId(value) ? `${databaseId(value)} (${instanceId(value)})` : value;
  };
  return (scope) => {
    const clauses = scope ? clausesOf(scope, fields) : undefined;
    if (!clauses || clauses.some(({ operator }) => operator !== '==' && operator !== 'in')) return undefined;
    return clauses
      .map(({ field, operator, value }) => {
        const values = operator === 'in' ? valuesOf(value) : [value];
        return t(`access.only.${field.replace('.', '_')}` as 'access.only.resource_database', {
          names: values.map((one) => nameOf(field, one)).join(', '),
        });
      })
      .join(', ');
  };
}
