/**
 * A result as a grid in which only what is in view exists, in both directions. 100,000 rows of 28 px are 2.8 million
 * pixels, which browsers can scroll. Rows outside the window are not there, but for the one with the active cell: it
 * keeps the focus. The others are a pool whose elements take the content of the next row, so scrolling makes none.
 * A table's own elements cannot leave rows and columns out, hence the roles (and the exception in biome.json).
 */
import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import type { Frame } from '../result/frame';
import type { Sort } from '../result/order';
import { columnsInView, frozenPart, gutterWidth, type Shown } from './columns';
import { GridHeader } from './GridHeader';
import { GridRow, ROW } from './GridRow';
import { at, HEADER, move, rangeOf, type Selection, within } from './selection';

const HEAD = 32;
const OVERSCAN = 4;

export interface GridProps {
  label: string;
  frame: Frame;
  /** Rows in order; undefined for all as they came. */
  order: Uint32Array<ArrayBuffer> | undefined;
  columns: readonly Shown[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
  sort: Sort | undefined;
  /** A press on the name of a column: up, down, as it came. */
  onSort: (column: number) => void;
  onResize: (column: number, width: number) => void;
  /** The menu of a column. */
  menu: (column: number) => React.ReactNode;
  /** Enter, or a double click. */
  onOpen: () => void;
  onCopy: () => void;
  /** Something beside the grid takes room: the active cell comes into view again when this changes. */
  crowded: boolean;
  className?: string;
}

interface View {
  first: number;
  /** Rows that are drawn, always as many: the pool's elements are told apart by it. */
  pool: number;
  left: number;
  right: number;
}

export function ResultGrid(props: GridProps) {
  const { label, frame, order, columns, onSelect, onOpen, onCopy, crowded, className } = props;
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ first: 0, pool: 40, left: 0, right: 12 });
  const rows = order?.length ?? frame.rows;
  const gutter = gutterWidth(frame.rows);
  const { frozen, edge } = frozenPart(columns, gutter);
  const page = Math.max(1, Math.floor(((box.current?.clientHeight ?? 400) - HEAD) / ROW) - 1);
  const size = { rows, columns: columns.length, page };
  const selection = within(props.selection, size);
  const wantsFocus = useRef(false);

  const look = useRef(() => {});
  look.current = () => {
    const element = box.current;
    if (!element) return;
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = element;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - OVERSCAN);
    const pool = Math.ceil(clientHeight / ROW) + 2 * OVERSCAN;
    const [left, right] = columnsInView(columns, scrollLeft + edge, scrollLeft + clientWidth);
    setView((old) =>
      old.first === first && old.pool === pool && old.left === left && old.right === right
        ? old
        : { first, pool, left, right },
    );
  };
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const update = () => look.current();
    const observer = new ResizeObserver(update);
    observer.observe(element);
    element.addEventListener('scroll', update, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', update);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows or columns are another view
  useLayoutEffect(() => look.current(), [rows, columns]);

  const select = (next: Selection) => {
    wantsFocus.current = true;
    onSelect(next);
    reveal(box.current, columns[next.active.column], next.active.row, edge);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the room changes
  useLayoutEffect(() => {
    if (crowded) reveal(box.current, columns[selection.active.column], selection.active.row, edge);
  }, [crowded]);
  // The active cell of before may be another element now.
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>('[data-active]')?.focus({ preventScroll: true });
  });

  const press = (event: KeyboardEvent) => {
    if ((event.target as Element).closest('[role="menu"]')) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const { active } = selection;
    const column = columns[active.column];
    if (ctrl && event.key.toLowerCase() === 'c' && !window.getSelection()?.toString()) onCopy();
    else if (active.row === HEADER && column && event.altKey && /^Arrow(Left|Right)$/.test(event.key))
      props.onResize(column.index, column.width + (event.key === 'ArrowLeft' ? -24 : 24));
    else if (event.altKey) return;
    else if (event.key === 'Enter' && active.row !== HEADER) onOpen();
    else if ((event.key === 'Enter' || event.key === ' ') && column && active.row === HEADER)
      props.onSort(column.index);
    else {
      const next = move(selection, { key: event.key, ctrl, shift: event.shiftKey }, size);
      if (!next) return;
      select(next);
    }
    event.preventDefault();
  };

  const pick = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const cell = cellOf(event.target);
    if (!cell || columns.length === 0) return;
    event.preventDefault();
    const whole = cell.column < 0;
    const [first, last] = whole ? [0, columns.length - 1] : [cell.column, cell.column];
    const anchor = event.shiftKey ? selection.anchor : { row: cell.row, column: last };
    select({ active: { row: cell.row, column: first }, anchor });
  };
  const stretch = (event: PointerEvent) => {
    if (event.buttons !== 1 || !(event.target as Element).closest('[role="gridcell"]')) return;
    const cell = cellOf(event.target);
    if (!cell || cell.column < 0) return;
    const { active, anchor } = selection;
    if (active.row === cell.row && active.column === cell.column) return;
    select({ active: cell, anchor });
  };

  const range = rangeOf(selection);
  const { active } = selection;
  const width = (columns.at(-1)?.left ?? gutter) + (columns.at(-1)?.width ?? 0);
  const last = Math.min(view.first + view.pool, rows);
  const nullText = t('sqlEditor.null');
  const rowOf = (row: number, key: string) => (
    <GridRow
      key={key}
      frame={frame}
      index={order ? (order[row] ?? 0) : row}
      place={row}
      columns={columns}
      left={view.left}
      right={view.right}
      frozen={frozen}
      gutter={gutter}
      width={width}
      active={row === active.row ? active.column : undefined}
      from={row >= range.top && row <= range.bottom ? range.left : -1}
      to={row >= range.top && row <= range.bottom ? range.right : -1}
      nullText={nullText}
    />
  );
  const drawn = [];
  for (let row = view.first; row < last; row += 1)
    if (row !== active.row) drawn.push(rowOf(row, `pool${row % view.pool}`));
  if (active.row >= 0 && active.row < rows) drawn.push(rowOf(active.row, `active${active.row}`));
  return (
    <div
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={rows + 1}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      tabIndex={-1}
      onKeyDown={press}
      onPointerDown={pick}
      onPointerMove={stretch}
      onDoubleClick={(event) => (event.target as Element).closest('[role="gridcell"]') && onOpen()}
      className={cn('relative overflow-auto bg-bg font-mono text-small outline-none select-none', className)}
    >
      <GridHeader
        {...props}
        view={view}
        frozen={frozen}
        gutter={gutter}
        width={width}
        active={active.row === HEADER ? active.column : undefined}
        onFocusColumn={(column) => select(at(HEADER, column))}
      />
      <div role="rowgroup" className="relative" style={{ height: rows * ROW, width }}>
        {drawn}
      </div>
    </div>
  );
}

/** The cell that an event is about; column -1 is the row's number. */
function cellOf(target: EventTarget): { row: number; column: number } | undefined {
  const cell = (target as Element).closest<HTMLElement>('[data-column]');
  const row = cell?.closest<HTMLElement>('[data-row]');
  if (!cell || !row) return undefined;
  return { row: Number(row.dataset.row), column: Number(cell.dataset.column) };
}

/** Scrolls as little as it takes to see a cell. */
function reveal(box: HTMLElement | null, column: Shown | undefined, row: number, edge: number): void {
  if (!box || !column) return;
  if (row >= 0) {
    const top = row * ROW;
    const height = box.clientHeight - HEAD;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + ROW > box.scrollTop + height) box.scrollTop = top + ROW - height;
  }
  if (column.frozen) return;
  const width = box.clientWidth;
  if (column.left - edge < box.scrollLeft) box.scrollLeft = column.left - edge;
  else if (column.left + column.width > box.scrollLeft + width)
    box.scrollLeft = Math.min(column.left - edge, column.left + column.width - width);
}
