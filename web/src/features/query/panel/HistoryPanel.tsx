import { ArrowDownToLine, Link2, PanelTopOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { QueryHistory, QueryStatus } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { all, contains, equals } from '@/lib/filter';
import { formatCount } from '@/lib/format';
import { databaseId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { durationMs, formatMs } from '@/lib/time';
import { Button, IconButton } from '@/ui/Button';
import { controlClass } from '@/ui/Field';
import { RelativeTime } from '@/ui/RelativeTime';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { Status, type StatusKind } from '@/ui/Status';
import { toast } from '@/ui/toast';

const PAGE = 50;
/** Stands for every state: Radix has no empty value. */
const EVERY = '*';

const LOOK: Record<QueryStatus, { kind: StatusKind; word: 'done' | 'failed' | 'refused' | 'canceled' }> = {
  STATUS_UNSPECIFIED: { kind: 'done', word: 'done' },
  SUCCEEDED: { kind: 'done', word: 'done' },
  FAILED: { kind: 'failed', word: 'failed' },
  REFUSED: { kind: 'warning', word: 'refused' },
  CANCELED: { kind: 'canceled', word: 'canceled' },
};
const CHOICES = ['SUCCEEDED', 'FAILED', 'REFUSED', 'CANCELED'] as const;

interface Props {
  project: string;
  database: string;
  onInsert: (statement: string) => void;
  onOpen: (entry: QueryHistory) => void;
}

/** What the signed-in person ran, on any machine. */
export function HistoryPanel({ project, database, ...rest }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const search = useDebounced(text);
  const [of, setOf] = useState<'database' | 'all'>('database');
  const [status, setStatus] = useState<string>(EVERY);
  const filter = all(
    of === 'database' ? equals('database', database) : undefined,
    contains('statement', search),
    status === EVERY ? undefined : equals('status', status),
  );
  const filtered = search !== '' || status !== EVERY;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2 p-2">
      <input
        type="search"
        aria-label={t('sqlEditor.searchHistory')}
        placeholder={t('sqlEditor.searchHistory')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn(controlClass(), 'h-7 shrink-0 text-small')}
      />
      <div className="flex shrink-0 flex-wrap items-center justify-between gap-2">
        <Segmented
          legend={t('sqlEditor.historyOf')}
          value={of}
          onChange={setOf}
          options={[
            { value: 'database', label: t('sqlEditor.thisDatabase') },
            { value: 'all', label: t('sqlEditor.everywhere') },
          ]}
        />
        <Select
          bare
          label={t('sqlEditor.historyStatus')}
          value={status}
          onChange={setStatus}
          className="w-30! h-7! text-small!"
          options={[
            { value: EVERY, label: t('sqlEditor.everyStatus') },
            ...CHOICES.map((value) => ({ value, label: t(`sqlEditor.status.${LOOK[value].word}`) })),
          ]}
        />
      </div>
      <Entries
        key={filter}
        parent={of === 'database' && project ? project : 'projects/-'}
        filter={filter}
        filtered={filtered}
        onClear={() => {
          setText('');
          setStatus(EVERY);
        }}
        {...rest}
      />
    </div>
  );
}

interface EntriesProps extends Pick<Props, 'onInsert' | 'onOpen'> {
  parent: string;
  filter: string | undefined;
  filtered: boolean;
  onClear: () => void;
}

function Entries({ parent, filter, filtered, onClear, ...rest }: EntriesProps) {
  const { t } = useTranslation();
  const [pages, setPages] = useState(1);
  const query = useRpc(
    'QueryHistoryService/SearchQueryHistories',
    { parent, pageSize: PAGE * pages, filter },
    { keep: true },
  );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <Loaded query={query} doing={t('sqlEditor.history')} skeletonRows={4}>
        {({ queryHistories = [], nextPageToken }) =>
          queryHistories.length === 0 ? (
            <div className="flex flex-col items-start gap-2 px-1 py-2 text-muted">
              <p>{t(filtered ? 'state.noMatch' : 'sqlEditor.noHistory')}</p>
              {filtered && (
                <Button size="sm" onClick={onClear}>
                  {t('action.clearFilters')}
                </Button>
              )}
            </div>
          ) : (
            <>
              <ul aria-label={t('sqlEditor.history')}>
                {queryHistories.map((entry) => (
                  <Entry key={entry.name} entry={entry} {...rest} />
                ))}
              </ul>
              {nextPageToken && (
                <Button
                  size="sm"
                  className="mt-2"
                  busy={query.isFetching}
                  onClick={() => setPages(pages + 1)}
                >
                  {t('sqlEditor.moreHistory')}
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function Entry({ entry, onInsert, onOpen }: { entry: QueryHistory } & Pick<Props, 'onInsert' | 'onOpen'>) {
  const { t } = useTranslation();
  const { statement = '', status = 'SUCCEEDED', error, rowsCount } = entry;
  const { kind, word } = LOOK[status];
  const ms = durationMs(entry.duration);
  const link = () => {
    const url = new URL(paths.queryHistory(entry.name ?? '', entry.database ?? ''), window.location.origin);
    return navigator.clipboard.writeText(url.toString()).then(() => toast({ text: t('state.copied') }));
  };
  return (
    <li className="flex flex-col gap-1 border-b border-line py-2 last:border-0">
      <pre
        title={statement}
        className="line-clamp-3 font-mono text-caption whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {statement}
      </pre>
      {error && <p className="line-clamp-2 text-caption text-danger [overflow-wrap:anywhere]">{error}</p>}
      <p className="flex flex-wrap items-center gap-x-2 text-caption text-muted tabular-nums">
        <Status kind={kind} label={t(`sqlEditor.status.${word}`)} className="text-caption!" />
        <RelativeTime value={entry.createTime} />
        {ms !== undefined && <span>{formatMs(ms)}</span>}
        {kind === 'done' && rowsCount !== undefined && (
          <span>{t('sqlEditor.rows', { count: Number(rowsCount), rows: formatCount(rowsCount) })}</span>
        )}
        <span className="min-w-0 truncate">{databaseId(entry.database)}</span>
      </p>
      <p className="-ml-2.5 flex flex-wrap items-center gap-x-1">
        <Button size="sm" tone="ghost" onClick={() => onInsert(statement)}>
          <ArrowDownToLine aria-hidden="true" />
          {t('sqlEditor.insert')}
        </Button>
        <Button size="sm" tone="ghost" onClick={() => onOpen(entry)}>
          <PanelTopOpen aria-hidden="true" />
          {t('sqlEditor.openInTab')}
        </Button>
        <IconButton size="sm" label={t('plan.copyLink')} onClick={link}>
          <Link2 aria-hidden="true" />
        </IconButton>
      </p>
    </li>
  );
}
