import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Revision } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { RevisionRemoval } from '@/features/databases/RevisionRemoval';
import { RevisionState } from '@/features/databases/RevisionState';
import { useDatabase } from '@/features/databases/useDatabase';
import { FileContent } from '@/features/releases/FileContent';
import { useStreamName } from '@/features/releases/useStreamName';
import { databaseId, planId, planOf, releaseId, taskOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';

/** One version that a database has: where it comes from, what applied it, what was run. */
export default function RevisionPage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { instance?: string; database?: string; revision?: string };
  const database = `instances/${params.instance}/databases/${params.database}`;
  const name = `${database}/revisions/${params.revision}`;
  const query = useRpc('RevisionService/GetRevision', { name }, { topics: [database] });
  const [removing, setRemoving] = useState(false);
  const revision = query.data;
  return (
    <Page
      title={revision ? t('revision.one', { version: revision.version }) : t('revision.title')}
      context={databaseId(database)}
      badge={revision && <RevisionState revision={revision} boxed />}
      purpose={<TextLink to={paths.database(database, 'revisions')}>{databaseId(database)}</TextLink>}
      actions={
        revision &&
        !revision.deleteTime && <Button onClick={() => setRemoving(true)}>{t('revision.remove')}</Button>
      }
    >
      <Loaded query={query} doing={t('revision.title')}>
        {(data) => <Body revision={data} database={database} />}
      </Loaded>
      {removing && revision && <RevisionRemoval revision={revision} onClose={() => setRemoving(false)} />}
    </Page>
  );
}

function Body({ revision, database }: { revision: Revision; database: string }) {
  const { t } = useTranslation();
  const engine = useDatabase(database)?.instanceResource?.engine;
  const { sheet, sheetSha256, file, version } = revision;
  return (
    <>
      <Section title={t('revision.origin')}>
        <Origin revision={revision} />
      </Section>
      {sheet ? (
        <FileContent sheet={sheet} sha256={sheetSha256} path={file} version={version} engine={engine} />
      ) : (
        <EmptyState title={t('revision.noText')}>{t('revision.noTextWhy')}</EmptyState>
      )}
    </>
  );
}

function Origin({ revision }: { revision: Revision }) {
  const { t } = useTranslation();
  const streamName = useStreamName();
  const { release, taskRun, file, createTime, deleteTime, deleter, deleteReason, stream } = revision;
  const facts: [label: string, value: ReactNode][] = [
    [t('revision.file'), file && <span className="font-mono text-small">{file}</span>],
    [t('revision.countsIn'), streamName(stream)],
    [t('release.one'), release && <TextLink to={paths.release(release)}>{releaseId(release)}</TextLink>],
    [
      t('changelog.column.plan'),
      taskRun && (
        <TextLink to={paths.plan(planOf(taskRun), { tab: 'rollout', task: taskOf(taskRun) })}>
          {t('revision.task', { plan: planId(taskRun) })}
        </TextLink>
      ),
    ],
    [taskRun ? t('revision.applied') : t('revision.marked'), <RelativeTime key="at" value={createTime} />],
    [
      t('revision.takenBack'),
      deleteTime && (
        <>
          <RelativeTime value={deleteTime} />
          {deleter && (
            <>
              {' · '}
              <PersonName name={deleter} />
            </>
          )}
        </>
      ),
    ],
    [t('rollout.reason'), deleteReason],
  ];
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5 rounded-card border border-line bg-raised px-4 py-3 [overflow-wrap:anywhere]">
      {facts
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
