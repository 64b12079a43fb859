import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface TableProps {
  /** The table's accessible name. */
  label: string;
  children: ReactNode;
  className?: string;
  /** Rows of 32 px instead of 40: what stands below a name (`data-more`) is left out. */
  compact?: boolean;
}

/** A dense list. Wide content scrolls inside its own box, never the page. */
export function Table({ label, children, className, compact }: TableProps) {
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-raised">
      <table
        aria-label={label}
        data-compact={compact || undefined}
        className={cn(
          'group/table w-full border-collapse text-small data-compact:[&_[data-more]]:hidden',
          className,
        )}
      >
        {children}
      </table>
    </div>
  );
}

interface CellProps {
  children?: ReactNode;
  className?: string;
  numeric?: boolean;
}

interface HeadProps extends CellProps {
  sort?: 'ascending' | 'descending' | 'none';
}

export const Th = ({ children, className, numeric, sort }: HeadProps) => (
  <th
    scope="col"
    aria-sort={sort}
    className={cn(
      'h-9 border-b border-line bg-surface px-3 text-caption font-medium whitespace-nowrap text-muted',
      numeric ? 'text-right' : 'text-left',
      className,
    )}
  >
    {children}
  </th>
);

export const Td = ({ children, className, numeric }: CellProps) => (
  <td
    className={cn(
      'h-10 px-3 py-1 group-data-compact/table:h-8 group-data-compact/table:py-0',
      numeric && 'text-right tabular-nums',
      className,
    )}
  >
    {children}
  </td>
);

export const Tr = ({ children, selected }: { children: ReactNode; selected?: boolean }) => (
  <tr
    aria-selected={selected}
    className={cn('border-b border-line last:border-0 hover:bg-surface', selected && 'bg-surface')}
  >
    {children}
  </tr>
);
