import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { Release } from '@/api/types';
import { Archived } from '@/components/Archived';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { useProjectAccess } from '@/features/access/access';
import { Needs } from '@/features/access/Forbidden';
import { useProject } from '@/features/projects/useProject';
import { DeployedTo } from '@/features/releases/DeployedTo';
import { ReleaseArchive } from '@/features/releases/ReleaseArchive';
import { ReleaseFiles } from '@/features/releases/ReleaseFiles';
import { useEngineOf } from '@/features/releases/useCarriers';
import { useStreamName } from '@/features/releases/useStreamName';
import { VcsLink } from '@/features/releases/VcsLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Notice } from '@/ui/States';
import { Status } from '@/ui/Status';

/** Files of one version, and where they went. */
export default function ReleasePage() {
  const { t } = useTranslation();
  const project = useProject();
  const params = useParams({ strict: false }) as { release?: string };
  const name = `${project.name}/releases/${params.release}`;
  const query = useRpc('ReleaseService/GetRelease', { name }, { topics: [name] });
  const restore = useCall('ReleaseService/UndeleteRelease', { touches: ['ReleaseService'] });
  const access = useProjectAccess(project.name).data;
  const isArchived = query.data?.state === 'DELETED';
  return (
    <Page
      title={params.release ?? ''}
      context={project.title}
      badge={isArchived && <Status kind="closed" label={t('list.archived')} boxed />}
      purpose={query.data && <Origin release={query.data} />}
      actions={
        query.data &&
        !isArchived &&
        access?.may('bb.releases.delete') && <ReleaseArchive release={query.data} />
      }
    >
      {isArchived && (
        <Archived
          call={restore}
          onRestore={() => restore.mutate({ name })}
          text={t('release.archivedText')}
        />
      )}
      <Loaded query={query} doing={t('release.one')}>
        {(release) => (
          <>
            {release.acceptChanged && (
              <Notice title={t('release.acceptsChanged')}>
                <p>{release.acceptChanged}</p>
              </Notice>
            )}
            <Section title={t('release.deployedTo')}>
              <Needs permission="bb.plans.list" project={project.name}>
                <DeployedTo project={project.name} release={release} />
              </Needs>
            </Section>
            <Files project={project.name} release={release} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Files({ project, release }: { project: string; release: Release }) {
  return <ReleaseFiles files={release.files ?? []} engine={useEngineOf(project, release)} />;
}

function Origin({ release }: { release: Release }) {
  const { t } = useTranslation();
  const streamName = useStreamName();
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span>{release.type === 'DECLARATIVE' ? t('release.declarative') : t('release.versioned')}</span>
      <span>{t('release.countsIn', { stream: streamName(release.stream) })}</span>
      <span>
        <PersonName name={release.creator} /> · <RelativeTime value={release.createTime} />
      </span>
      <VcsLink source={release.vcsSource} />
    </span>
  );
}
