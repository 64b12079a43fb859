import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConditionField } from '@/features/condition/fields';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { SCOPE_TYPES } from './grant';

/** What the scope of a role may name, with the environments that there are. */
export function useScopeFields(): ConditionField[] {
  const { t } = useTranslation();
  const environments = useEnvironments().data;
  return useMemo(
    () =>
      (Object.keys(SCOPE_TYPES) as (keyof typeof SCOPE_TYPES)[]).map((name) => ({
        name,
        type: SCOPE_TYPES[name],
        database: name === 'resource.database',
        text: t(`access.scope.${name.replace('.', '_')}` as 'access.scope.resource_database'),
        values:
          name === 'resource.environment_id'
            ? environments?.map((e) => ({ value: e.id ?? '', label: environmentTitle(e) ?? '' }))
            : undefined,
      })),
    [environments, t],
  );
}
