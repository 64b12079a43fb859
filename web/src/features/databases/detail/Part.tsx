import type { ReactNode } from 'react';
import { Table, Th } from '@/ui/Table';

interface Props {
  title: string;
  count: number | undefined;
  children: ReactNode;
}

/** A part that is not there takes no room. */
export function Part({ title, count, children }: Props) {
  if (!count) return null;
  return (
    <div className="flex flex-col gap-1.5">
      <h3 className="text-body">
        {title} <span className="font-normal text-muted tabular-nums">{count}</span>
      </h3>
      {children}
    </div>
  );
}

interface TableProps extends Props {
  heads: readonly string[];
}

/** A part that is a table, called as the part is. */
export function TablePart({ heads, children, ...part }: TableProps) {
  return (
    <Part {...part}>
      <Table label={part.title}>
        <thead>
          <tr>
            {heads.map((head) => (
              <Th key={head}>{head}</Th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </Table>
    </Part>
  );
}
