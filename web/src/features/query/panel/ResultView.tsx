import { PanelRight, Search, TriangleAlert } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { formatBytes, formatCount } from '@/lib/format';
import { formatMs } from '@/lib/time';
import { Button } from '@/ui/Button';
import { controlClass } from '@/ui/Field';
import { Menu, MenuItem } from '@/ui/Menu';
import { Select } from '@/ui/Select';
import { toast } from '@/ui/toast';
import { firstWidth, gutterWidth, layOut, limited } from '../grid/columns';
import { ResultGrid } from '../grid/ResultGrid';
import { cellsIn, rangeOf, START } from '../grid/selection';
import type { Result } from '../result/answer';
import { FORMATS, type Format, tableOf } from '../result/format';
import type { Frame } from '../result/frame';
import type { Sort } from '../result/order';
import type { Run } from '../run/runs';
import { CellDetails } from './CellDetails';
import { ColumnMenu } from './ColumnMenu';

const PAUSE_MS = 150;
/** Stands for all columns: Radix has no empty value. */
const EVERY = '*';

interface Props {
  /** Its place among the results of the run. */
  place: number;
  result: Result;
  frame: Frame;
  run: Run;
  engine: string | undefined;
}

/** The rows of one statement, and what can be done with them. */
export function ResultView({ place, result, frame, run, engine = '' }: Props) {
  const { t } = useTranslation();
  const { reader } = run;
  const [text, setText] = useState('');
  const wanted = useDebounced(text, PAUSE_MS);
  const [column, setColumn] = useState(EVERY);
  const [sort, setSort] = useState<Sort>();
  const [order, setOrder] = useState<Uint32Array<ArrayBuffer>>();
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [frozen, setFrozen] = useState<readonly number[]>([]);
  const [widths, setWidths] = useState(() => frame.columns.map((_, i) => firstWidth(frame, i)));
  const [selection, setSelection] = useState(START);
  const [details, setDetails] = useState(false);
  const shown = useMemo(
    () => layOut(widths, hidden, frozen, gutterWidth(frame.rows)),
    [widths, hidden, frozen, frame.rows],
  );

  useEffect(() => {
    let gone = false;
    const searched = column === EVERY ? undefined : Number(column);
    const whole = wanted === '' && !sort;
    if (whole) setOrder(undefined);
    else
      reader?.order(place, { text: wanted, column: searched, sort }).then(
        (rows) => !gone && setOrder(rows),
        () => undefined, // The result was closed meanwhile.
      );
    return () => {
      gone = true;
    };
  }, [reader, place, wanted, column, sort]);

  const resize = useCallback(
    (index: number, width: number) =>
      setWidths((old) => old.map((w, i) => (i === index ? limited(width) : w))),
    [],
  );
  const nextSort = useCallback(
    (index: number) =>
      setSort((old) =>
        old?.column !== index
          ? { column: index, descending: false }
          : old.descending
            ? undefined
            : { column: index, descending: true },
      ),
    [],
  );

  const range = rangeOf(selection);
  const some = cellsIn(range) > 1;
  const copy = async (format: Format | 'cells') => {
    if (!reader) return;
    const cells = format === 'cells';
    const part = cells || some;
    const rows = part
      ? Uint32Array.from({ length: range.bottom - range.top + 1 }, (_, i) => {
          const at = range.top + i;
          return order ? (order[at] ?? 0) : at;
        })
      : order;
    const columns = (part ? shown.slice(range.left, range.right + 1) : shown).map(({ index }) => index);
    const copied = await reader.format(place, {
      rows,
      columns,
      format: cells ? 'tsv' : format,
      header: !cells,
      table: tableOf(result.facts.statement ?? run.asked.text),
      engine,
    });
    await navigator.clipboard.writeText(copied);
    toast({ text: t('sqlEditor.copied', { count: (rows?.length ?? frame.rows) * columns.length }) });
  };
  const tryCopy = (format: Format | 'cells') =>
    copy(format).catch((error: Error) => toast({ text: error.message, tone: 'danger' }));

  const columnMenu = (index: number) => (
    <ColumnMenu
      name={frame.columns[index]?.name ?? ''}
      sorted={sort?.column === index}
      only={shown.length === 1}
      onSort={(descending) => setSort(descending === undefined ? undefined : { column: index, descending })}
      onFilter={() => setColumn(String(index))}
      onWider={(by) => resize(index, (widths[index] ?? 0) + by)}
      frozen={frozen.includes(index)}
      onFreeze={() =>
        setFrozen(frozen.includes(index) ? frozen.filter((other) => other !== index) : [...frozen, index])
      }
      onHide={() => setHidden(new Set([...hidden, index]))}
    />
  );

  if (frame.columns.length === 0) {
    return (
      <>
        <p className="flex-1 p-4 text-muted">{t('sqlEditor.noColumns')}</p>
        <Messages result={result} />
        <Footer result={result} frame={frame} matching={undefined} run={run} />
      </>
    );
  }
  const count = order?.length ?? frame.rows;
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-2 py-1.5">
        <div className="relative w-52 max-sm:w-36">
          <Search
            className="pointer-events-none absolute top-1.5 left-2 size-4 text-muted"
            aria-hidden="true"
          />
          <input
            type="search"
            aria-label={t('sqlEditor.filterRows')}
            placeholder={t('sqlEditor.filterRows')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={cn(controlClass(), 'h-7 pl-7.5! text-small')}
          />
        </div>
        {(text !== '' || column !== EVERY) && (
          <Select
            bare
            label={t('sqlEditor.filterIn')}
            value={column}
            onChange={setColumn}
            className="w-40! h-7!"
            options={[
              { value: EVERY, label: t('sqlEditor.everyColumn') },
              ...frame.columns.map(({ name }, i) => ({ value: String(i), label: name })),
            ]}
          />
        )}
        {hidden.size > 0 && (
          <Button size="sm" tone="ghost" onClick={() => setHidden(new Set())}>
            {t('sqlEditor.showHidden', { count: hidden.size })}
          </Button>
        )}
        <span className="ml-auto flex items-center gap-1">
          <Menu
            trigger={
              <Button size="sm">
                {some ? t('sqlEditor.copyCells', { count: cellsIn(range) }) : t('sqlEditor.copyRows')}
              </Button>
            }
          >
            {FORMATS.map((format) => (
              <MenuItem key={format} onSelect={() => tryCopy(format)}>
                {t(`sqlEditor.format.${format}`)}
              </MenuItem>
            ))}
          </Menu>
          <Button size="sm" aria-pressed={details} onClick={() => setDetails(!details)}>
            <PanelRight aria-hidden="true" />
            {t('sqlEditor.details')}
          </Button>
        </span>
      </div>
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        {frame.rows > 0 && count === 0 ? (
          <div className="m-auto flex flex-col items-center gap-2 p-6 text-muted">
            <p>{t('state.noMatch')}</p>
            <Button size="sm" onClick={() => setText('')}>
              {t('action.clearFilters')}
            </Button>
          </div>
        ) : (
          <ResultGrid
            label={t('sqlEditor.resultNumber', { number: place + 1 })}
            frame={frame}
            order={order}
            columns={shown}
            selection={selection}
            onSelect={setSelection}
            sort={sort}
            onSort={nextSort}
            onResize={resize}
            menu={columnMenu}
            crowded={details}
            onOpen={() => setDetails(true)}
            onCopy={() => tryCopy('cells')}
            className="min-h-0 min-w-0 flex-1"
          />
        )}
        {details && count > 0 && (
          <CellDetails
            frame={frame}
            row={order ? (order[Math.max(0, selection.active.row)] ?? 0) : Math.max(0, selection.active.row)}
            column={shown[selection.active.column]?.index ?? 0}
            onClose={() => setDetails(false)}
          />
        )}
      </div>
      <Messages result={result} />
      <Footer result={result} frame={frame} matching={order && wanted ? order.length : undefined} run={run} />
    </>
  );
}

/** What the server said beside the rows. */
function Messages({ result }: { result: Result }) {
  const { t } = useTranslation();
  const messages = result.facts.messages ?? [];
  if (messages.length === 0) return null;
  return (
    <ul
      aria-label={t('sqlEditor.messages')}
      className="max-h-24 shrink-0 overflow-y-auto border-t border-line px-3 py-1 font-mono text-caption"
    >
      {messages.map(({ level, content }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no name
        <li key={i}>
          <span className="text-muted">{level}</span> {content}
        </li>
      ))}
    </ul>
  );
}

interface FooterProps {
  result: Result;
  frame: Frame;
  matching: number | undefined;
  run: Run;
}

/** `1,000 of more rows · limit 1,000 · 42 ms · 1.2 MB`. */
function Footer({ result, frame, matching, run }: FooterProps) {
  const { t } = useTranslation();
  const { truncation, rowLimit, sizeBytes } = result.facts;
  const cut = truncation === 'ROW_LIMIT' || truncation === 'BYTE_LIMIT' ? truncation : undefined;
  const rows = t(cut ? 'sqlEditor.rowsOfMore' : 'sqlEditor.rows', {
    count: frame.rows,
    rows: formatCount(frame.rows),
  });
  const facts = [
    matching !== undefined && t('sqlEditor.matching', { count: matching, rows: formatCount(matching) }),
    rows,
    t('sqlEditor.limitIs', { limit: formatCount(rowLimit || run.asked.limit) }),
    formatMs(result.latencyMs ?? run.tookMs),
    formatBytes(sizeBytes ?? frame.text.byteLength),
  ];
  return (
    <footer className="flex min-h-7 shrink-0 flex-wrap items-center gap-x-3 border-t border-line bg-surface px-3 py-1 text-caption text-muted tabular-nums">
      <span>{facts.filter(Boolean).join(' · ')}</span>
      {cut && (
        <span className="flex items-center gap-1 font-medium text-warning">
          <TriangleAlert className="size-3.5" aria-hidden="true" />
          {t(`sqlEditor.cut.${cut}`)}
        </span>
      )}
    </footer>
  );
}
