import {
  ChevronRight,
  Columns3,
  Eye,
  FolderOpen,
  FunctionSquare,
  Hash,
  type LucideIcon,
  Table2,
} from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { DatabaseMetadata } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { useEqualRows } from '@/hooks/useEqualRows';
import { cn } from '@/lib/cn';
import { formatCount } from '@/lib/format';
import { Button } from '@/ui/Button';
import { controlClass } from '@/ui/Field';
import { firstOpen, isReadable, rowsOf, sqlName, step, type TreeRow, treeOf } from './tree';

const ICON: Partial<Record<TreeRow['kind'], LucideIcon>> = {
  schema: FolderOpen,
  table: Table2,
  externalTable: Table2,
  view: Eye,
  materializedView: Eye,
  function: FunctionSquare,
  procedure: FunctionSquare,
  sequence: Hash,
};
const ROW = 26;
const INDENT = 14;

interface Props {
  database: string;
  engine: string | undefined;
  /** Puts a name into the statement. */
  onInsert: (name: string) => void;
  /** Shows the rows of a table or view, by its name in SQL. */
  onShowRows: (name: string) => void;
}

export const useMetadata = (database: string) =>
  useRpc(
    'DatabaseService/GetDatabaseMetadata',
    { name: `${database}/metadata` },
    { topics: [database], staleTime: 60_000, enabled: database !== '' },
  );

/** What can be read, from the last sync. */
export function SchemaTree(props: Props) {
  const { t } = useTranslation();
  const query = useMetadata(props.database);
  return (
    <Loaded query={query} doing={t('sqlEditor.schema')} skeletonRows={8}>
      {(metadata) => <Tree key={props.database} metadata={metadata} {...props} />}
    </Loaded>
  );
}

function Tree({ metadata, engine, onInsert, onShowRows }: Props & { metadata: DatabaseMetadata }) {
  const { t } = useTranslation();
  const tree = useMemo(() => treeOf(metadata), [metadata]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => firstOpen(tree));
  const [search, setSearch] = useState('');
  const rows = useMemo(() => rowsOf(tree, open, search), [tree, open, search]);
  const [activeKey, setActiveKey] = useState('');
  const found = rows.findIndex(({ key }) => key === activeKey);
  const active = Math.max(0, found);
  const box = useRef<HTMLDivElement>(null);
  const view = useEqualRows(box, rows.length, ROW);
  const wantsFocus = useRef(false);
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  });
  const activate = (at: number) => {
    const row = rows[at];
    if (!row) return;
    wantsFocus.current = true;
    setActiveKey(row.key);
    view.reveal(at);
  };
  const toggle = ({ key, expanded }: TreeRow) => {
    if (expanded === undefined) return;
    const next = new Set(open);
    if (expanded) next.delete(key);
    else next.add(key);
    setOpen(next);
  };
  const press = (event: KeyboardEvent) => {
    const row = rows[active];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      if (row.kind === 'schema') toggle(row);
      else onInsert(sqlName(row, engine));
    } else if (event.key === ' ') toggle(row);
    else {
      const to = step(rows, active, event.key, view.page);
      if (to === undefined) return;
      if (typeof to === 'number') activate(to);
      else toggle(row);
    }
    event.preventDefault();
  };
  if (tree.objects.length === 0) return <p className="p-3 text-muted">{t('database.noObjectsText')}</p>;
  const chosen = found >= 0 ? rows[found] : undefined;
  const drawn = view.places.includes(active) ? view.places : [...view.places, active];
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2 p-2">
      <input
        type="search"
        aria-label={t('database.findObject')}
        placeholder={t('database.findObject')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        className={cn(controlClass(), 'h-7 shrink-0 text-small')}
      />
      {rows.length === 0 ? (
        <p className="px-1 text-muted">{t('state.noMatch')}</p>
      ) : (
        <div
          ref={box}
          role="tree"
          aria-label={t('sqlEditor.schema')}
          tabIndex={-1}
          onKeyDown={press}
          className="relative min-h-0 flex-1 overflow-y-auto outline-none"
        >
          <div role="presentation" style={{ height: rows.length * ROW }}>
            {drawn.map((at) => (
              <TreeItem
                key={rows[at]?.key}
                row={rows[at] as TreeRow}
                at={at}
                focusable={at === active}
                chosen={rows[at] === chosen}
                onPick={() => activate(at)}
                onToggle={() => toggle(rows[at] as TreeRow)}
                onOpen={() => isReadable(rows[at]) && onShowRows(sqlName(rows[at] as TreeRow, engine))}
              />
            ))}
          </div>
        </div>
      )}
      {chosen && chosen.kind !== 'schema' && (
        <div className="flex shrink-0 flex-wrap items-center gap-1 border-t border-line pt-2">
          <Button size="sm" onClick={() => onInsert(sqlName(chosen, engine))}>
            {t('sqlEditor.insertName')}
          </Button>
          {isReadable(chosen) && (
            <Button size="sm" onClick={() => onShowRows(sqlName(chosen, engine))}>
              {t('sqlEditor.showRows')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

interface ItemProps {
  row: TreeRow;
  at: number;
  focusable: boolean;
  chosen: boolean;
  onPick: () => void;
  onToggle: () => void;
  onOpen: () => void;
}

function TreeItem({ row, at, focusable, chosen, onPick, onToggle, onOpen }: ItemProps) {
  const { t } = useTranslation();
  const Icon = ICON[row.kind] ?? Columns3;
  const count = row.object?.table?.rowCount;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree listens for keys
    <div
      role="treeitem"
      aria-level={row.level}
      aria-expanded={row.expanded}
      aria-selected={chosen}
      aria-setsize={row.size}
      aria-posinset={row.place}
      tabIndex={focusable ? 0 : -1}
      title={row.fact ? `${row.name} · ${row.fact}` : row.name}
      onClick={onPick}
      onDoubleClick={onOpen}
      className={cn(
        'absolute inset-x-0 flex items-center gap-1.5 rounded-input pr-1.5 text-small select-none focus-visible:-outline-offset-2',
        chosen ? 'bg-hover font-medium' : 'hover:bg-hover',
      )}
      style={{ top: at * ROW, height: ROW, paddingLeft: (row.level - 1) * INDENT }}
    >
      <span
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          onPick();
          onToggle();
        }}
        className="grid size-5 shrink-0 place-items-center text-muted"
      >
        {row.expanded !== undefined && (
          <ChevronRight className={cn('size-3.5', row.expanded && 'rotate-90')} />
        )}
      </span>
      {row.kind !== 'column' && (
        <Icon
          className="size-3.5 shrink-0 text-muted"
          aria-label={row.kind === 'schema' ? t('sqlEditor.schema') : t(`object.${row.kind}`)}
        />
      )}
      <span className="min-w-0 truncate">{row.name}</span>
      <span className="ml-auto min-w-0 shrink-2 truncate pl-2 text-caption text-muted tabular-nums">
        {row.kind !== 'column' && count ? formatCount(count) : row.fact}
      </span>
    </div>
  );
}
