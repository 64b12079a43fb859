import { memo } from 'react';
import { cn } from '@/lib/cn';
import { type Frame, KIND, kindAt, textAt } from '../result/frame';
import type { Shown } from './columns';

/** Height of every row in pixels. */
export const ROW = 28;
/** Bytes of a cell that are shown: more than fits the widest column. */
const MOST = 400;

interface Props {
  frame: Frame;
  /** The row in the frame. */
  index: number;
  /** Its place among those shown. */
  place: number;
  columns: readonly Shown[];
  /** Columns `left` to `right - 1` are in view. */
  left: number;
  right: number;
  /** The first so many columns stay where they are. */
  frozen: number;
  gutter: number;
  width: number;
  /** The column of the active cell, when it is in this row. */
  active: number | undefined;
  /** The part of the row that is in the selected range; -1 for none. */
  from: number;
  to: number;
  nullText: string;
}

/** One row, drawn anew only when what it shows is another. */
export const GridRow = memo(function GridRow(props: Props) {
  const { index, place, columns, left, right, frozen, gutter, width, active, from } = props;
  const cells = [];
  for (let i = 0; i < frozen; i += 1) cells.push(cell(props, i, i === active ? 'active' : String(i)));
  for (let i = Math.max(left, frozen); i < Math.min(right, columns.length); i += 1) {
    if (i !== active) cells.push(cell(props, i, String(i)));
  }
  // The active cell stays where it is in the document, also when it is scrolled out of sight.
  if (active !== undefined && active >= frozen && active < columns.length)
    cells.push(cell(props, active, 'active'));
  return (
    <div
      role="row"
      aria-rowindex={place + 2}
      data-row={place}
      className={cn('absolute left-0 flex border-b border-line', place % 2 === 1 && 'bg-surface/60')}
      style={{ top: place * ROW, height: ROW, width }}
    >
      <div
        role="rowheader"
        data-column={-1}
        className={cn(
          'sticky left-0 z-1 h-full shrink-0 border-r border-line pr-2 text-right text-caption leading-[27px] tabular-nums',
          from >= 0 ? 'bg-hover text-text' : 'bg-surface text-muted',
        )}
        style={{ width: gutter }}
      >
        {index + 1}
      </div>
      {cells}
    </div>
  );
});

const CELL = 'h-full truncate border-r px-2 leading-[27px] whitespace-pre outline-none';

/** Not a component: there are hundreds, and each would cost its own bookkeeping at every step of scrolling. */
function cell(props: Props, place: number, key: string) {
  const { frame, index, columns, active, from, to, nullText } = props;
  const { index: column, left, width, frozen } = columns[place] as Shown;
  const kind = kindAt(frame, index, column);
  const [isActive, selected] = [place === active, place >= from && place <= to];
  return (
    <div
      key={key}
      role="gridcell"
      aria-colindex={place + 1}
      aria-selected={selected}
      tabIndex={isActive ? 0 : -1}
      data-column={place}
      data-active={isActive || undefined}
      className={cn(
        CELL,
        kind === KIND.NUMBER && 'text-right tabular-nums',
        kind === KIND.NULL && 'text-muted italic',
        frozen
          ? [
              'sticky z-1 shrink-0',
              place === props.frozen - 1 ? 'border-line-strong' : 'border-line',
              selected ? 'tint-accent' : props.place % 2 === 1 ? 'bg-surface' : 'bg-bg',
            ]
          : ['absolute top-0 border-line', selected && 'bg-accent/15'],
        isActive && 'ring-2 ring-accent/50 ring-inset focus:ring-accent',
      )}
      style={{ left, width }}
    >
      {kind === KIND.NULL ? nullText : shownText(textAt(frame, index, column, MOST))}
    </div>
  );
}

/** Lines of a value on one line, with marks where they end. */
const shownText = (text: string) =>
  /[\r\n\t]/.test(text) ? text.replace(/\r?\n/g, '↵').replaceAll('\t', '⇥') : text;
