import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ColumnMetadata, TableMetadata } from '@/api/types';
import { formatBytes, formatCount } from '@/lib/format';
import { CopyBlock } from '@/ui/CopyBlock';
import { Table, Td, Th, Tr } from '@/ui/Table';
import type { SchemaObject } from './schemaObjects';

/** One object of the catalog in full. */
export function ObjectDetail({ object }: { object: SchemaObject }) {
  const { t } = useTranslation();
  const title = [object.schema, object.name].filter(Boolean).join('.');
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-4">
      <div>
        <h2 className="text-h3 [overflow-wrap:anywhere]">
          <span className="mr-2 text-small font-normal text-muted">{t(`object.${object.kind}`)}</span>
          {title}
        </h2>
        {object.comment && <p className="text-muted">{object.comment}</p>}
        {object.facts && <p className="font-mono text-small">{object.facts}</p>}
      </div>
      {object.table && <TableDetail table={object.table} />}
      {object.definition && <CopyBlock text={object.definition} label={t('object.definition')} />}
    </section>
  );
}

function TableDetail({ table }: { table: TableMetadata }) {
  const { t } = useTranslation();
  return (
    <>
      <dl className="flex flex-wrap gap-x-8 gap-y-1">
        {/* Not every engine tells these. */}
        {table.rowCount && <Fact name={t('object.rows')}>{formatCount(table.rowCount)}</Fact>}
        {table.dataSize && <Fact name={t('object.dataSize')}>{formatBytes(table.dataSize)}</Fact>}
        {table.indexSize && <Fact name={t('object.indexSize')}>{formatBytes(table.indexSize)}</Fact>}
        {table.engine && <Fact name={t('object.engine')}>{table.engine}</Fact>}
        {table.collation && <Fact name={t('object.collation')}>{table.collation}</Fact>}
      </dl>
      <Part title={t('object.columns')} count={table.columns?.length}>
        <Table label={t('object.columns')}>
          <thead>
            <tr>
              <Th>{t('object.name')}</Th>
              <Th>{t('object.type')}</Th>
              <Th>{t('object.nullable')}</Th>
              <Th>{t('object.default')}</Th>
              <Th>{t('object.comment')}</Th>
            </tr>
          </thead>
          <tbody>
            {(table.columns ?? []).map((column) => (
              <Tr key={column.name}>
                <Td className="font-mono font-medium">{column.name}</Td>
                <Td className="font-mono text-muted">{column.type}</Td>
                <Td>{column.nullable ? t('object.yes') : t('object.no')}</Td>
                <Td className="max-w-64 truncate font-mono text-muted">{defaultOf(column)}</Td>
                <Td className="text-muted">{column.comment}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Part>
      <Part title={t('object.indexes')} count={table.indexes?.length}>
        <Table label={t('object.indexes')}>
          <thead>
            <tr>
              <Th>{t('object.name')}</Th>
              <Th>{t('object.on')}</Th>
              <Th>{t('object.indexKind')}</Th>
            </tr>
          </thead>
          <tbody>
            {(table.indexes ?? []).map((index) => (
              <Tr key={index.name}>
                <Td className="font-mono">{index.name}</Td>
                <Td className="font-mono text-muted">{(index.expressions ?? []).join(', ')}</Td>
                <Td className="text-muted">
                  {[index.primary ? t('object.primary') : index.unique ? t('object.unique') : '', index.type]
                    .filter(Boolean)
                    .join(', ')}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Part>
      <Part title={t('object.foreignKeys')} count={table.foreignKeys?.length}>
        <Table label={t('object.foreignKeys')}>
          <thead>
            <tr>
              <Th>{t('object.name')}</Th>
              <Th>{t('object.columns')}</Th>
              <Th>{t('object.references')}</Th>
              <Th>{t('object.onDelete')}</Th>
            </tr>
          </thead>
          <tbody>
            {(table.foreignKeys ?? []).map((key) => (
              <Tr key={key.name}>
                <Td className="font-mono">{key.name}</Td>
                <Td className="font-mono text-muted">{(key.columns ?? []).join(', ')}</Td>
                <Td className="font-mono text-muted">
                  {[key.referencedSchema, key.referencedTable].filter(Boolean).join('.')} (
                  {(key.referencedColumns ?? []).join(', ')})
                </Td>
                <Td className="text-muted">{key.onDelete}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Part>
      <Part title={t('object.checks')} count={table.checkConstraints?.length}>
        <ul className="flex flex-col gap-1 font-mono text-small">
          {(table.checkConstraints ?? []).map((check) => (
            <li key={check.name}>
              {check.name} <span className="text-muted">{check.expression}</span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title={t('object.triggers')} count={table.triggers?.length}>
        <ul className="flex flex-col gap-1 font-mono text-small">
          {(table.triggers ?? []).map((trigger) => (
            <li key={trigger.name}>
              {trigger.name} <span className="text-muted">{[trigger.timing, trigger.event].join(' ')}</span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title={t('object.partitions')} count={table.partitions?.length}>
        <ul className="flex flex-col gap-1 font-mono text-small">
          {(table.partitions ?? []).map((partition) => (
            <li key={partition.name}>
              {partition.name} <span className="text-muted">{partition.value || partition.expression}</span>
            </li>
          ))}
        </ul>
      </Part>
    </>
  );
}

function defaultOf(column: ColumnMetadata): string {
  if (column.isIdentity || column.identityGeneration) return 'identity';
  if (column.generation?.expression) return `= ${column.generation.expression}`;
  return column.hasDefault || column.default ? (column.default ?? '') : '';
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex gap-1.5">
    <dt className="text-muted">{name}</dt>
    <dd className="font-medium tabular-nums">{children}</dd>
  </div>
);

/** A part that is not there takes no room. */
function Part({ title, count, children }: { title: string; count: number | undefined; children: ReactNode }) {
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
