import type { TFunction } from 'i18next';
import { KeyRound, Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ColumnMetadata, ForeignKeyMetadata, IndexMetadata } from '@/api/types';
import { Td, Tr } from '@/ui/Table';
import { TablePart } from './Part';

interface Props {
  title: string;
  columns: readonly ColumnMetadata[] | undefined;
  indexes?: readonly IndexMetadata[] | undefined;
  foreignKeys?: readonly ForeignKeyMetadata[] | undefined;
}

export function ColumnTable({ title, columns = [], indexes = [], foreignKeys = [] }: Props) {
  const { t } = useTranslation();
  const primary = new Set(indexes.find((index) => index.primary)?.expressions);
  const foreign = new Set(foreignKeys.flatMap((key) => key.columns ?? []));
  const commented = columns.some((column) => column.comment);
  return (
    <TablePart
      title={title}
      count={columns.length}
      heads={[
        t('object.name'),
        t('object.type'),
        t('object.nullable'),
        t('object.default'),
        ...(commented ? [t('object.comment')] : []),
      ]}
    >
      {columns.map((column) => (
        <Tr key={column.name}>
          <Td className="font-mono font-medium whitespace-nowrap">
            <span className="inline-flex items-center gap-1.5">
              {column.name}
              {primary.has(column.name ?? '') && (
                <KeyRound aria-label={t('object.primary')} className="size-3.5 shrink-0 text-warning" />
              )}
              {foreign.has(column.name ?? '') && (
                <Link2 aria-label={t('object.foreign')} className="size-3.5 shrink-0 text-info" />
              )}
            </span>
          </Td>
          <Td className="font-mono whitespace-nowrap text-muted">{column.type}</Td>
          <Td className={column.nullable ? undefined : 'text-muted'}>
            {column.nullable ? t('object.yes') : t('object.no')}
          </Td>
          <Td className="max-w-64 min-w-48 font-mono text-muted [overflow-wrap:anywhere]">
            {defaultOf(column, t)}
          </Td>
          {commented && <Td className="min-w-48 text-muted">{column.comment}</Td>}
        </Tr>
      ))}
    </TablePart>
  );
}

/** Where a value comes from that nobody gives. */
function defaultOf(column: ColumnMetadata, t: TFunction): string {
  if (column.isIdentity || column.identityGeneration) return t('object.identity');
  const { expression } = column.generation ?? {};
  if (expression) return t('object.generated', { expression });
  const value = column.hasDefault || column.default ? (column.default ?? '') : '';
  const onUpdate = column.onUpdate ? `${t('object.onUpdate')}: ${column.onUpdate}` : '';
  return [value, onUpdate, column.isInvisible ? t('object.invisible') : ''].filter(Boolean).join(', ');
}
