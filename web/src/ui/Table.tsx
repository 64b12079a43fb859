import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface TableProps {
  /** The table's accessible name. */
  label: string;
  children: ReactNode;
  className?: string;
}

/** A dense list. Rows are 40 px; wide content scrolls inside its own box, never the page. */
export function Table({ label, children, className }: TableProps) {
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-raised">
      <table aria-label={label} className={cn('w-full border-collapse text-small', className)}>
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

export const Th = ({ children, className, numeric }: CellProps) => (
  <th
    scope="col"
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
  <td className={cn('h-10 px-3 py-1', numeric && 'text-right tabular-nums', className)}>{children}</td>
);

export const Tr = ({ children, selected }: { children: ReactNode; selected?: boolean }) => (
  <tr
    aria-selected={selected}
    className={cn('border-b border-line last:border-0 hover:bg-surface', selected && 'bg-surface')}
  >
    {children}
  </tr>
);
