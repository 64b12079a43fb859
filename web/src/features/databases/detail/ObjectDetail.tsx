import { useTranslation } from 'react-i18next';
import type { TableMetadata } from '@/api/types';
import { formatBytes, formatCount } from '@/lib/format';
import { CopyBlock } from '@/ui/CopyBlock';
import type { SchemaObject } from '../schemaObjects';
import { ColumnTable } from './ColumnTable';
import { Checks, ForeignKeys, Indexes, Partitions, Triggers } from './parts';

/** One object of the catalog in full. */
export function ObjectDetail({ object }: { object: SchemaObject }) {
  const { t } = useTranslation();
  const title = [object.schema, object.name].filter(Boolean).join('.');
  const { table, definition } = object;
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-4">
      <div>
        <h2 className="text-h3 [overflow-wrap:anywhere]">
          <span className="mr-2 text-small font-normal text-muted">{t(`object.${object.kind}`)}</span>
          {title}
        </h2>
        {object.comment && <p className="text-muted">{object.comment}</p>}
        {object.facts && <p className="font-mono text-small [overflow-wrap:anywhere]">{object.facts}</p>}
      </div>
      {table && <TableFacts table={table} />}
      <ColumnTable
        title={t('object.columns')}
        columns={table?.columns ?? object.columns}
        indexes={table?.indexes}
        foreignKeys={table?.foreignKeys}
      />
      <Indexes list={table?.indexes ?? object.indexes} />
      <ForeignKeys list={table?.foreignKeys} />
      <Checks list={table?.checkConstraints} />
      <Partitions list={table?.partitions} />
      <Triggers list={table?.triggers ?? object.triggers} />
      {definition && <CopyBlock text={definition} label={t('object.definition')} />}
    </section>
  );
}

/** Not every engine tells these. */
function TableFacts({ table }: { table: TableMetadata }) {
  const { t } = useTranslation();
  const facts: [name: string, value: string | undefined][] = [
    [t('object.rows'), table.rowCount && formatCount(table.rowCount)],
    [t('object.dataSize'), table.dataSize && formatBytes(table.dataSize)],
    [t('object.indexSize'), table.indexSize && formatBytes(table.indexSize)],
    [t('object.engine'), table.engine],
    [t('object.collation'), table.collation],
    [t('object.owner'), table.owner],
  ];
  const known = facts.filter(([, value]) => value);
  if (known.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-1">
      {known.map(([name, value]) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-muted">{name}</dt>
          <dd className="font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
