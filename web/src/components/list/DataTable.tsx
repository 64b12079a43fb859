import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { Checkbox } from '@/ui/Choice';
import { Table, Td, Th, Tr } from '@/ui/Table';
import type { List } from './useList';

const WIDE = 'hidden sm:table-cell';

export interface Column<T> {
  key: string;
  label: string;
  cell: (item: T) => ReactNode;
  /** The server's name of it, when it can sort by it. */
  sort?: string;
  numeric?: boolean;
  /** At the end of the line, head and cells: buttons. */
  end?: boolean;
  /** Only where there is room: left out on a phone. */
  wide?: boolean;
  className?: string;
}

interface Selection<T> {
  /** "Select shop": the row's checkbox. */
  label: (item: T) => string;
  /** What can be done with the chosen ones together. */
  bar: (chosen: T[], clear: () => void) => ReactNode;
}

interface Props<T> {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  /** The first one is always there: it has the link. */
  columns: readonly Column<T>[];
  /** Sorting, density and hidden columns; a short table inside of a page has none. */
  list?: List | undefined;
  selection?: Selection<T> | undefined;
}

/** The table of a list page: sorted on the server, columns and density as the person likes them, rows to choose. */
export function DataTable<T>({ label, items, keyOf, columns, list, selection }: Props<T>) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const chosen = items.filter((item) => picked.has(keyOf(item)));
  const allChosen = chosen.length === items.length;
  const shown = columns.filter((column, i) => i === 0 || !list?.hidden.includes(column.key));
  const toggle = (key: string, on: boolean) => {
    const next = new Set(picked);
    if (on) next.add(key);
    else next.delete(key);
    setPicked(next);
  };
  return (
    <>
      {selection && chosen.length > 0 && selection.bar(chosen, () => setPicked(new Set()))}
      <Table label={label} compact={list?.density === 'compact'}>
        <thead>
          <tr>
            {selection && (
              <Th className="w-8">
                <Checkbox
                  hideLabel
                  label={t('list.selectAll')}
                  checked={allChosen}
                  indeterminate={chosen.length > 0 && !allChosen}
                  onChange={(event) => setPicked(new Set(event.target.checked ? items.map(keyOf) : []))}
                />
              </Th>
            )}
            {shown.map((column) => (
              <Head key={column.key} column={column} list={list} />
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => {
            const key = keyOf(item);
            return (
              <Tr key={key} selected={picked.has(key)}>
                {selection && (
                  <Td>
                    <Checkbox
                      hideLabel
                      label={selection.label(item)}
                      checked={picked.has(key)}
                      onChange={(event) => toggle(key, event.target.checked)}
                    />
                  </Td>
                )}
                {shown.map((column) => (
                  <Td
                    key={column.key}
                    numeric={column.numeric}
                    className={cn(column.className, column.end && 'text-right', column.wide && WIDE)}
                  >
                    {column.cell(item)}
                  </Td>
                ))}
              </Tr>
            );
          })}
        </tbody>
      </Table>
    </>
  );
}

function Head<T>({ column, list }: { column: Column<T>; list: List | undefined }) {
  const { label, sort } = column;
  const numeric = column.numeric || column.end;
  const className = column.wide ? WIDE : undefined;
  if (!sort || !list) {
    return (
      <Th numeric={numeric} className={className}>
        {label}
      </Th>
    );
  }
  const now = list.sort?.field === sort ? list.sort : undefined;
  const Arrow = now?.descending ? ArrowDown : ArrowUp;
  return (
    <Th
      className={className}
      numeric={numeric}
      sort={now ? (now.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        onClick={() => list.toggleSort(sort)}
        className="group -mx-1 inline-flex h-6 items-center gap-1 rounded-input px-1 hover:text-text"
      >
        {label}
        <Arrow
          aria-hidden="true"
          className={now ? 'size-3.5 text-accent' : 'size-3.5 opacity-0 group-hover:opacity-60'}
        />
      </button>
    </Th>
  );
}

/** A row's name: the whole of it is the link, with what else tells it apart below. */
export const nameColumn = 'max-w-56 min-w-40 sm:max-w-96 sm:min-w-52';
