import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConditionField } from '@/features/condition/fields';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { useEngines } from '@/features/instances/engines';
import { useRoles } from '@/features/roles/useRoles';
import type { Option } from '@/ui/Select';
import { type Source, VARIABLES, type VariableName, variablesOf } from './flows';

/** As conditions name them; the same in every language. */
const RISKS = ['LOW', 'MODERATE', 'HIGH'];
const STATEMENTS = [
  'DROP_TABLE',
  'DROP_DATABASE',
  'DROP_SCHEMA',
  'TRUNCATE',
  'ALTER_TABLE',
  'CREATE_TABLE',
  'CREATE_INDEX',
  'DROP_INDEX',
  'DELETE',
  'UPDATE',
  'INSERT',
];
const same = (value: string): Option => ({ value, label: value });

/** What conditions of a source may read, with the values that are known. */
export function useConditionFieldsOf(): (source: Source) => ConditionField[] {
  const { t } = useTranslation();
  const environments = useEnvironments().data;
  const engines = useEngines().data;
  const { roles } = useRoles();
  return useCallback(
    (source) => {
      const values: Partial<Record<VariableName, Option[]>> = {
        'resource.environment_id': environments?.map((e) => ({
          value: e.id ?? '',
          label: environmentTitle(e) ?? '',
        })),
        'resource.db_engine': engines?.map(({ kind, title }) => ({ value: kind, label: title })),
        'risk.level': RISKS.map(same),
        'statement.sql_type': STATEMENTS.map(same),
        'request.role': roles.map(({ name = '', title }) => ({ value: name, label: title || name })),
      };
      return variablesOf(source).map((name) => ({
        name,
        type: VARIABLES[name].type,
        text: t(`approval.variable.${name.replace('.', '_')}` as 'approval.variable.risk_level'),
        values: values[name],
      }));
    },
    [environments, engines, roles, t],
  );
}

export function useConditionFields(source: Source): ConditionField[] {
  const fieldsOf = useConditionFieldsOf();
  return useMemo(() => fieldsOf(source), [fieldsOf, source]);
}
