/** What belongs to a table beside its columns. */
import { useTranslation } from 'react-i18next';
import type {
  CheckConstraint,
  ForeignKeyMetadata,
  IndexMetadata,
  TablePartitionMetadata,
  TriggerMetadata,
} from '@/api/types';
import { CopyBlock } from '@/ui/CopyBlock';
import { Td, Tr } from '@/ui/Table';
import { Part, TablePart } from './Part';

interface Props<T> {
  list: readonly T[] | undefined;
}

/** Names stay whole: a table that is too wide scrolls. */
const MONO = 'font-mono whitespace-nowrap';
const CODE = 'min-w-48 font-mono text-muted [overflow-wrap:anywhere]';

export function Indexes({ list = [] }: Props<IndexMetadata>) {
  const { t } = useTranslation();
  const kind = (index: IndexMetadata) =>
    [
      index.primary ? t('object.primary') : index.unique ? t('object.unique') : '',
      index.isConstraint && !index.primary ? t('object.constraint') : '',
      index.type,
    ]
      .filter(Boolean)
      .join(', ');
  const commented = list.some((index) => index.comment);
  const on = ({ expressions = [], descending = [] }: IndexMetadata) =>
    expressions.map((text, i) => (descending[i] ? `${text} DESC` : text)).join(', ');
  return (
    <TablePart
      title={t('object.indexes')}
      count={list.length}
      heads={[
        t('object.name'),
        t('object.on'),
        t('object.indexKind'),
        ...(commented ? [t('object.comment')] : []),
      ]}
    >
      {list.map((index) => (
        <Tr key={index.name}>
          <Td className={MONO}>{index.name}</Td>
          <Td className={CODE}>{on(index)}</Td>
          <Td className="whitespace-nowrap text-muted">{kind(index)}</Td>
          {commented && <Td className="text-muted">{index.comment}</Td>}
        </Tr>
      ))}
    </TablePart>
  );
}

export function ForeignKeys({ list = [] }: Props<ForeignKeyMetadata>) {
  const { t } = useTranslation();
  return (
    <TablePart
      title={t('object.foreignKeys')}
      count={list.length}
      heads={[
        t('object.name'),
        t('object.columns'),
        t('object.references'),
        t('object.onDelete'),
        t('object.onUpdate'),
      ]}
    >
      {list.map((key) => (
        <Tr key={key.name}>
          <Td className={MONO}>{key.name}</Td>
          <Td className={`${MONO} text-muted`}>{(key.columns ?? []).join(', ')}</Td>
          <Td className={`${MONO} text-muted`}>
            {[key.referencedSchema, key.referencedTable].filter(Boolean).join('.')} (
            {(key.referencedColumns ?? []).join(', ')})
          </Td>
          <Td className="whitespace-nowrap text-muted">{key.onDelete}</Td>
          <Td className="whitespace-nowrap text-muted">{key.onUpdate}</Td>
        </Tr>
      ))}
    </TablePart>
  );
}

export function Checks({ list = [] }: Props<CheckConstraint>) {
  const { t } = useTranslation();
  return (
    <TablePart
      title={t('object.checks')}
      count={list.length}
      heads={[t('object.name'), t('object.expression')]}
    >
      {list.map((check) => (
        <Tr key={check.name}>
          <Td className={MONO}>{check.name}</Td>
          <Td className={CODE}>{check.expression}</Td>
        </Tr>
      ))}
    </TablePart>
  );
}

export function Partitions({ list = [] }: Props<TablePartitionMetadata>) {
  const { t } = useTranslation();
  const rows = list.flatMap((partition) => withSubpartitions(partition, 0));
  return (
    <TablePart
      title={t('object.partitions')}
      count={rows.length}
      heads={[t('object.name'), t('object.type'), t('object.expression')]}
    >
      {rows.map(({ partition, depth }) => (
        <Tr key={partition.name}>
          <Td className={MONO}>
            <span style={{ paddingLeft: `${depth}rem` }}>{partition.name}</span>
          </Td>
          <Td className="text-muted">{partition.type}</Td>
          <Td className={CODE}>{[partition.expression, partition.value].filter(Boolean).join(' ')}</Td>
        </Tr>
      ))}
    </TablePart>
  );
}

function withSubpartitions(
  partition: TablePartitionMetadata,
  depth: number,
): { partition: TablePartitionMetadata; depth: number }[] {
  const below = partition.subpartitions ?? [];
  return [{ partition, depth }, ...below.flatMap((inner) => withSubpartitions(inner, depth + 1))];
}

export function Triggers({ list = [] }: Props<TriggerMetadata>) {
  const { t } = useTranslation();
  return (
    <Part title={t('object.triggers')} count={list.length}>
      <ul aria-label={t('object.triggers')} className="flex flex-col gap-3">
        {list.map((trigger) => (
          <li key={trigger.name} className="flex flex-col gap-1">
            <p className="text-small">
              <span className={`${MONO} font-medium`}>{trigger.name}</span>{' '}
              <span className="text-muted">{[trigger.timing, trigger.event].filter(Boolean).join(' ')}</span>
            </p>
            {trigger.body && (
              <CopyBlock text={trigger.body} label={t('object.body', { name: trigger.name ?? '' })} />
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
