import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Engine } from '@/api/types';
import { useDebounced } from '@/hooks/useDebounced';
import { all, contains, equals } from '@/lib/filter';
import { databaseId } from '@/lib/names';
import { TextAreaField, TextField } from '@/ui/Field';
import { Segmented } from '@/ui/Segmented';

/** What a script is compared with: nothing, a database as of its last sync, or SQL that makes a schema. */
export interface Against {
  kind: 'nothing' | 'database' | 'schema';
  database: string;
  schema: string;
}

export const NOTHING: Against = { kind: 'nothing', database: '', schema: '' };

interface Props {
  engine: Engine;
  value: Against;
  onChange: (value: Against) => void;
}

const KINDS = ['nothing', 'database', 'schema'] as const;

/** Rules that compare with the schema need one. */
export function SchemaSource({ engine, value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-small font-medium">{t('review.try.against')}</span>
        <Segmented
          legend={t('review.try.against')}
          value={value.kind}
          onChange={(kind) => onChange({ ...value, kind })}
          options={KINDS.map((kind) => ({ value: kind, label: t(`review.try.kind.${kind}`) }))}
        />
      </div>
      {value.kind === 'database' && (
        <DatabaseField
          engine={engine}
          value={value.database}
          onChange={(database) => onChange({ ...value, database })}
        />
      )}
      {value.kind === 'schema' && (
        <TextAreaField
          label={t('review.try.schema')}
          hint={t('review.try.schemaHint')}
          mono
          spellCheck={false}
          value={value.schema}
          onChange={(event) => onChange({ ...value, schema: event.target.value })}
        />
      )}
    </div>
  );
}

export const isDatabase = (name: string) => /^instances\/[^/]+\/databases\/[^/]+$/.test(name);
const OFFERED = 20;

interface DatabaseProps {
  engine: Engine;
  value: string;
  onChange: (name: string) => void;
}

/** A database by part of its name. */
function DatabaseField({ engine, value, onChange }: DatabaseProps) {
  const { t } = useTranslation();
  const id = useId();
  const asked = useDebounced(value);
  const { data } = useRpc(
    'DatabaseService/ListDatabases',
    {
      parent: 'workspaces/default',
      pageSize: OFFERED,
      filter: all(equals('engine', engine), contains('name', databaseId(asked) || asked)),
    },
    { keep: true },
  );
  return (
    <>
      <TextField
        label={t('review.try.database')}
        hint={t('review.try.databaseHint')}
        list={id}
        mono
        value={value}
        onChange={(event) => onChange(event.target.value.trim())}
        error={value && !isDatabase(value) ? t('review.try.databaseNeeded') : undefined}
      />
      <datalist id={id}>
        {(data?.databases ?? []).map(({ name, instanceResource }) => (
          <option key={name} value={name} label={`${databaseId(name)} · ${instanceResource?.title ?? ''}`} />
        ))}
      </datalist>
    </>
  );
}
