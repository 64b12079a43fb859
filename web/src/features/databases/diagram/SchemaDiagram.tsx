import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatabaseMetadata } from '@/api/types';
import { Boundary } from '@/components/Boundary';
import { useSearchState } from '@/hooks/useSearch';
import { Button } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { EmptyState, Skeleton } from '@/ui/States';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { AroundPicker } from './AroundPicker';
import { ALL_AT_ONCE, type Entity, graphOf, type Relation, view } from './graph';

const DiagramCanvas = lazy(() => import('./DiagramCanvas'));

const AS = ['diagram', 'table'] as const;
type As = (typeof AS)[number];

/** How the tables refer to each other, drawn or as a table. */
export function SchemaDiagram({ metadata }: { metadata: DatabaseMetadata }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const whole = useMemo(() => graphOf(metadata), [metadata]);
  const { graph, focus } = useMemo(() => view(whole, search.around), [whole, search.around]);
  const as: As = search.as === 'table' ? 'table' : 'diagram';
  const open = useCallback(
    (entity: Entity) => setSearch({ tab: undefined, object: `table:${entity.id}` }, { push: true }),
    [setSearch],
  );
  if (whole.entities.length === 0) {
    return <EmptyState title={t('database.noObjects')}>{t('database.noObjectsText')}</EmptyState>;
  }
  const isLarge = whole.entities.length > ALL_AT_ONCE;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Segmented
          legend={t('diagram.as')}
          value={as}
          onChange={(next) => setSearch({ as: next === 'table' ? next : undefined })}
          options={AS.map((value) => ({ value, label: t(`diagram.${value}`) }))}
        />
        <AroundPicker entities={whole.entities} focus={focus} onChoose={(around) => setSearch({ around })} />
        <p role="status" className="text-small text-muted">
          {t('diagram.count', { count: graph.entities.length })}
          {', '}
          {t('diagram.relations', { count: graph.relations.length })}
          {isLarge && ` · ${t('diagram.large', { count: whole.entities.length })}`}
        </p>
        {search.around && !isLarge && (
          <Button size="sm" tone="ghost" onClick={() => setSearch({ around: undefined })}>
            {t('diagram.all')}
          </Button>
        )}
      </div>
      {as === 'table' ? (
        <RelationTable relations={graph.relations} />
      ) : (
        <section aria-label={t('diagram.title')}>
          <Boundary name={t('diagram.title')}>
            <Suspense fallback={<Skeleton rows={10} />}>
              <DiagramCanvas graph={graph} focus={focus} onChoose={open} />
            </Suspense>
          </Boundary>
        </section>
      )}
    </div>
  );
}

function RelationTable({ relations }: { relations: readonly Relation[] }) {
  const { t } = useTranslation();
  if (relations.length === 0) {
    return <EmptyState title={t('diagram.none')}>{t('diagram.noneText')}</EmptyState>;
  }
  return (
    <Table label={t('diagram.relationTable')}>
      <thead>
        <tr>
          <Th>{t('object.table')}</Th>
          <Th>{t('object.columns')}</Th>
          <Th>{t('object.references')}</Th>
          <Th>{t('object.columns')}</Th>
          <Th>{t('object.onDelete')}</Th>
        </tr>
      </thead>
      <tbody>
        {relations.map((relation) => (
          <Tr key={relation.id}>
            <Td className="font-mono font-medium">{relation.from}</Td>
            <Td className="font-mono text-muted">{relation.columns.join(', ')}</Td>
            <Td className="font-mono font-medium">{relation.to}</Td>
            <Td className="font-mono text-muted">{relation.toColumns.join(', ')}</Td>
            <Td className="text-muted">{relation.onDelete}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
