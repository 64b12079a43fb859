import { ArrowDown, ArrowUp } from 'lucide-react';
import { type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { isNumeric } from '../result/frame';
import { limited, type Shown } from './columns';
import type { GridProps } from './ResultGrid';

interface Props extends Pick<GridProps, 'frame' | 'columns' | 'sort' | 'onSort' | 'onResize' | 'menu'> {
  view: { left: number; right: number };
  frozen: number;
  gutter: number;
  width: number;
  /** The place of the header that is the active cell. */
  active: number | undefined;
  onFocusColumn: (place: number) => void;
}

/** The names of the columns. It stays when rows scroll; a press on a name orders by it. */
export function GridHeader({ columns, view, frozen, gutter, width, active, ...rest }: Props) {
  const { t } = useTranslation();
  const places = columns.slice(0, frozen).map((_, place) => place);
  for (let i = Math.max(view.left, frozen); i < Math.min(view.right, columns.length); i += 1) places.push(i);
  if (active !== undefined && active < columns.length && !places.includes(active)) places.push(active);
  return (
    <div role="rowgroup" className="sticky top-0 z-2" style={{ width }}>
      <div
        role="row"
        aria-rowindex={1}
        data-row={-1}
        className="relative flex h-8 border-b border-line-strong/50 bg-surface"
      >
        <div
          role="columnheader"
          className="sticky left-0 z-1 h-full shrink-0 border-r border-line bg-surface"
          style={{ width: gutter }}
        >
          <span className="sr-only">{t('sqlEditor.rowNumber')}</span>
        </div>
        {places.map((place) => (
          <ColumnHeader
            key={place}
            {...rest}
            place={place}
            column={columns[place] as Shown}
            active={place === active}
            last={place === frozen - 1}
          />
        ))}
      </div>
    </div>
  );
}

interface HeaderProps
  extends Pick<Props, 'frame' | 'sort' | 'onSort' | 'onResize' | 'menu' | 'onFocusColumn'> {
  place: number;
  column: Shown;
  active: boolean;
  /** Of the frozen ones. */
  last: boolean;
}

function ColumnHeader(props: HeaderProps) {
  const { frame, place, column, active, last, sort, onSort, onResize, menu, onFocusColumn } = props;
  const { t } = useTranslation();
  const dragged = useRef<{ x: number; width: number } | undefined>(undefined);
  const { name = '', type = '' } = frame.columns[column.index] ?? {};
  const sorted = sort?.column === column.index ? sort : undefined;
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp;
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (dragged.current)
      onResize(column.index, limited(dragged.current.width + event.clientX - dragged.current.x));
  };
  return (
    <div
      role="columnheader"
      aria-colindex={place + 1}
      aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : undefined}
      aria-label={name}
      tabIndex={active ? 0 : -1}
      data-active={active || undefined}
      title={type ? `${name} · ${type}` : name}
      onPointerUp={(event) => {
        const target = event.target as Element;
        // What happens in the menu comes here as well, though it is drawn elsewhere.
        if (event.button !== 0 || !event.currentTarget.contains(target) || target.closest('[data-part]'))
          return;
        onFocusColumn(place);
        onSort(column.index);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' || !event.altKey || event.target !== event.currentTarget) return;
        event.preventDefault();
        event.currentTarget.querySelector('button')?.click();
      }}
      className={cn(
        'flex h-full cursor-pointer items-center gap-1 border-r px-2 font-sans text-caption outline-none hover:bg-hover',
        column.frozen ? 'sticky z-1 shrink-0 bg-surface' : 'absolute top-0',
        last ? 'border-line-strong' : 'border-line',
        isNumeric(frame, column.index) && 'justify-end',
        active && 'ring-2 ring-accent ring-inset',
      )}
      style={{ left: column.left, width: column.width }}
    >
      <span className="truncate font-medium">{name}</span>
      {type && <span className="min-w-0 shrink-3 truncate text-muted">{type}</span>}
      {sorted && <Arrow className="size-3.5 shrink-0 text-accent" aria-hidden="true" />}
      <span data-part="menu" className="ml-auto shrink-0">
        {menu(column.index)}
      </span>
      <span
        data-part="edge"
        aria-hidden="true"
        title={t('sqlEditor.dragWidth')}
        className="absolute inset-y-0 -right-1 z-1 w-2 cursor-col-resize hover:bg-accent/40"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          dragged.current = { x: event.clientX, width: column.width };
        }}
        onPointerMove={drag}
        onPointerUp={() => {
          dragged.current = undefined;
        }}
      />
    </div>
  );
}
