import { useQueryClient } from '@tanstack/react-query';
import {
  Braces,
  CalendarClock,
  Eye,
  FunctionSquare,
  Hash,
  List,
  type LucideIcon,
  Package,
  Puzzle,
  Table2,
} from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { rpcKey, useRpc } from '@/api/query';
import type { DatabaseMetadata } from '@/api/types';
import { SearchBox } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { formatCount } from '@/lib/format';
import { Select } from '@/ui/Select';
import { EmptyState } from '@/ui/States';
import { VirtualList } from '@/ui/VirtualList';
import { ObjectDetail } from './detail/ObjectDetail';
import { kindsOf, matching, type ObjectKind, type SchemaObject, schemaObjects } from './schemaObjects';

const ICON: Record<ObjectKind, LucideIcon> = {
  table: Table2,
  externalTable: Table2,
  package: Package,
  event: CalendarClock,
  userType: Braces,
  extension: Puzzle,
  view: Eye,
  materializedView: Eye,
  function: FunctionSquare,
  procedure: FunctionSquare,
  sequence: Hash,
  enum: List,
};
const ROW = 32;

/** The value that stands for no choice: Radix has no empty one. */
const EVERY = '*';

/** Tables of each schema that are asked for first: as many as one sees. */
const FIRST = 60;

interface CatalogProps {
  database: string;
  /** A part of it is of no use. */
  whole?: boolean;
  /** `more` while only the first tables are there. */
  children: (metadata: DatabaseMetadata, more: boolean) => ReactNode;
}

const NAME = 'DatabaseService/GetDatabaseMetadata';
const optionsOf = (database: string) => ({ topics: [database], staleTime: 60_000 });

/** The catalog as far as it is asked for first. A page calls this early, so that it is there when it is shown. */
export function useFirstTables(database: string, enabled: boolean) {
  return useRpc(NAME, { name: `${database}/metadata`, limit: FIRST }, { ...optionsOf(database), enabled });
}

/** What the last sync saw in the database. Of thousands of tables the first are there before the others. */
export function Catalog({ database, whole = false, children }: CatalogProps) {
  const { t } = useTranslation();
  const name = `${database}/metadata`;
  const known = useQueryClient().getQueryData(rpcKey(NAME, { name }));
  const first = useFirstTables(database, known === undefined);
  const cut = (first.data?.schemas ?? []).some(({ tables = [] }) => tables.length >= FIRST);
  const all = useRpc(NAME, { name }, { ...optionsOf(database), enabled: cut || known !== undefined });
  const partial = cut && all.data === undefined;
  const query = all.data !== undefined || all.error || (partial && whole) ? all : first;
  return (
    <Loaded query={query} doing={t('database.overview')} skeletonRows={10}>
      {(metadata) => children(metadata, partial)}
    </Loaded>
  );
}

/** The database's objects: a list, and the chosen one beside it. */
export function SchemaBrowser({ metadata, more }: { metadata: DatabaseMetadata; more: boolean }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const objects = useMemo(() => schemaObjects(metadata), [metadata]);
  const kinds = useMemo(() => kindsOf(objects), [objects]);
  const shown = useMemo(
    () => matching(objects, search.q ?? '', search.kind),
    [objects, search.q, search.kind],
  );
  const named = objects.find((o) => o.key === search.object);
  const chosen = named ?? (more && search.object ? undefined : shown[0]);
  if (objects.length === 0) {
    return <EmptyState title={t('database.noObjects')}>{t('database.noObjectsText')}</EmptyState>;
  }
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <div className="flex flex-col gap-2">
        <SearchBox label={t('database.findObject')} />
        {kinds.length > 1 && (
          <Select
            bare
            label={t('database.kind')}
            value={search.kind ?? EVERY}
            onChange={(kind) => setSearch({ kind: kind === EVERY ? undefined : kind, object: undefined })}
            options={[
              { value: EVERY, label: t('database.everyKind') },
              ...kinds.map(({ kind, count }) => ({
                value: kind,
                label: `${t(`object.${kind}`)} · ${formatCount(count)}`,
              })),
            ]}
          />
        )}
        <p className="text-caption text-muted" role="status">
          {more ? t('state.loading') : t('database.objectCount', { count: shown.length })}
        </p>
        <VirtualList
          label={t('database.objects')}
          items={shown}
          rowHeight={ROW}
          keyOf={(object) => object.key}
          selected={chosen ? shown.indexOf(chosen) : -1}
          className="max-h-72 overflow-y-auto rounded-card border border-line bg-raised p-1 lg:max-h-[calc(100dvh-20rem)]"
        >
          {(object) => (
            <ObjectButton
              object={object}
              current={object === chosen}
              onChoose={() => setSearch({ object: object.key }, { push: true })}
            />
          )}
        </VirtualList>
      </div>
      {chosen && <ObjectDetail object={chosen} />}
    </div>
  );
}

/** Routines of one name differ in their arguments. */
const argumentsOf = ({ kind, facts }: SchemaObject) =>
  kind === 'function' || kind === 'procedure' ? (/\(.*\)$/s.exec(facts ?? '')?.[0] ?? '') : '';

interface ObjectButtonProps {
  object: SchemaObject;
  current: boolean;
  onChoose: () => void;
}

function ObjectButton({ object, current, onChoose }: ObjectButtonProps) {
  const { t } = useTranslation();
  const Icon = ICON[object.kind];
  return (
    <button
      type="button"
      onClick={onChoose}
      aria-current={current ? 'true' : undefined}
      className={cn(
        'flex h-8 w-full items-center gap-2 rounded-input px-2 text-left text-small focus-visible:-outline-offset-2',
        current ? 'bg-hover font-medium' : 'hover:bg-hover',
      )}
    >
      <Icon className="size-4 shrink-0 text-muted" aria-label={t(`object.${object.kind}`)} />
      <span className="min-w-0 flex-1 truncate">
        {object.schema && <span className="text-muted">{object.schema}.</span>}
        {object.name}
        {argumentsOf(object) && <span className="text-muted">{argumentsOf(object)}</span>}
      </span>
      {object.table?.rowCount && (
        <span className="text-caption text-muted tabular-nums">{formatCount(object.table.rowCount)}</span>
      )}
    </button>
  );
}
