import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Release } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { Needs } from '@/features/access/Forbidden';
import { useProject } from '@/features/projects/useProject';
import { DeployedTo } from '@/features/releases/DeployedTo';
import { ReleaseFiles } from '@/features/releases/ReleaseFiles';
import { useEngineOf } from '@/features/releases/useCarriers';
import { VcsLink } from '@/features/releases/VcsLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';

/** Files of one version, and where they went. */
export default function ReleasePage() {
  const { t } = useTranslation();
  const project = useProject();
  const params = useParams({ strict: false }) as { release?: string };
  const name = `${project.name}/releases/${params.release}`;
  const query = useRpc('ReleaseService/GetRelease', { name }, { topics: [name] });
  return (
    <Page
      title={params.release ?? ''}
      context={project.title}
      badge={query.data?.state === 'DELETED' && <Status kind="closed" label={t('list.archived')} boxed />}
      purpose={query.data && <Origin release={query.data} />}
    >
      <Loaded query={query} doing={t('release.one')}>
        {(release) => (
          <>
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
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span>{release.type === 'DECLARATIVE' ? t('release.declarative') : t('release.versioned')}</span>
      {release.category && <span>{release.category}</span>}
      <span>
        <PersonName name={release.creator} /> · <RelativeTime value={release.createTime} />
      </span>
      <VcsLink source={release.vcsSource} />
    </span>
  );
}
