/** Things that several lists are narrowed by. */
import { useTranslation } from 'react-i18next';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { useEngines } from '@/features/instances/engines';
import { equals } from '@/lib/filter';
import { useMe } from '@/lib/session';
import type { FilterField } from './useList';

export function useEnvironmentField(): FilterField {
  const { t } = useTranslation();
  const { data = [] } = useEnvironments();
  return {
    key: 'environment',
    label: t('environment.one'),
    values: data.map((e) => ({ value: e.id ?? '', label: environmentTitle(e) ?? '' })),
    condition: (value) => equals('environment', `environments/${value}`),
  };
}

export function useEngineField(): FilterField {
  const { t } = useTranslation();
  const { data = [] } = useEngines();
  return {
    key: 'engine',
    label: t('instance.engine'),
    values: data.map((e) => ({ value: e.kind.toLowerCase(), label: e.title })),
    condition: (value) => {
      const kind = value.toUpperCase();
      return data.some((e) => e.kind === kind) ? equals('engine', kind) : undefined;
    },
  };
}

/** `creator:me`, or an address. */
export function useCreatorField(): FilterField {
  const { t } = useTranslation();
  const me = useMe();
  return {
    key: 'creator',
    label: t('list.creator'),
    values: [{ value: 'me', label: t('list.me') }],
    condition: (value) => equals('creator', value === 'me' ? me?.name : `users/${value}`),
  };
}

/** `label:team=shop`. */
export function useLabelField(): FilterField {
  const { t } = useTranslation();
  return {
    key: 'label',
    label: t('list.label'),
    condition: (value) => {
      const [, key, text] = /^([^=]+)=(.*)$/.exec(value) ?? [];
      return key ? `labels[${JSON.stringify(key)}] == ${JSON.stringify(text)}` : undefined;
    },
  };
}

/** Deleted ones are left out until they are asked for. */
export function useStateField(): FilterField {
  const { t } = useTranslation();
  const words = { active: 'ACTIVE', archived: 'DELETED' } as const;
  return {
    key: 'state',
    label: t('list.state'),
    values: [
      { value: 'active', label: t('list.active') },
      { value: 'archived', label: t('list.archived') },
    ],
    condition: (value) => equals('state', words[value as keyof typeof words]),
  };
}
