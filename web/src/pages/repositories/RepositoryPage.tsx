import { useParams } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Repository } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { useProjectAccess } from '@/features/access/access';
import { Needs } from '@/features/access/Forbidden';
import { useProject } from '@/features/projects/useProject';
import { HowNews } from '@/features/repositories/HowNews';
import { RepositoryActions } from '@/features/repositories/RepositoryActions';
import { RepositorySettings } from '@/features/repositories/RepositorySettings';
import { RepositoryState } from '@/features/repositories/RepositoryState';
import { homeOf, hostOf } from '@/features/repositories/repositories';
import { SyncHistory } from '@/features/repositories/SyncHistory';
import { SyncNow } from '@/features/repositories/SyncNow';
import { WebhookGuide } from '@/features/repositories/WebhookGuide';
import { useSearchState } from '@/hooks/useSearch';
import { paths } from '@/lib/paths';
import { ButtonLink } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { Notice } from '@/ui/States';
import { Tabs } from '@/ui/Tabs';

/** One watched repository: what came of its commits, how its host tells of them, and what was answered about it. */
export default function RepositoryPage() {
  const { t } = useTranslation();
  const project = useProject();
  const params = useParams({ strict: false }) as { repository?: string };
  const name = `${project.name}/repositories/${params.repository}`;
  const query = useRpc('RepositoryService/GetRepository', { name }, { topics: [name] });
  const access = useProjectAccess(project.name).data;
  const repository = query.data;
  return (
    <Page
      title={repository?.title ?? t('gitops.repository')}
      context={project.title}
      badge={repository && <RepositoryState repository={repository} boxed />}
      purpose={repository && <Facts repository={repository} />}
      actions={
        repository && (
          <>
            {access?.may('bb.releases.create') && <SyncNow repository={name} />}
            {access?.may('bb.projects.update') && <RepositoryActions repository={repository} />}
          </>
        )
      }
    >
      <Loaded query={query} doing={t('gitops.repository')}>
        {(data) => <Body repository={data} project={project.name} />}
      </Loaded>
    </Page>
  );
}

function Body({ repository, project }: { repository: Repository; project: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const { name = '', stopped } = repository;
  const tabs = [
    {
      value: 'syncs',
      label: t('repository.syncs'),
      content: <SyncHistory repository={name} host={hostOf(repository)} />,
    },
    ...(repository.mode === 'WEBHOOK'
      ? [
          {
            value: 'webhook',
            label: t('repository.webhook'),
            content: (
              <div className="max-w-180">
                <Section title={t('repository.hookTitle')}>
                  <WebhookGuide repository={repository} />
                </Section>
              </div>
            ),
          },
        ]
      : []),
    {
      value: 'settings',
      label: t('nav.settings'),
      content: (
        <Needs permission="bb.projects.update" project={project}>
          <RepositorySettings key={name} repository={repository} />
        </Needs>
      ),
    },
  ];
  return (
    <>
      {stopped && (
        <Notice
          tone="danger"
          role="alert"
          title={t('repository.stopped')}
          actions={
            <ButtonLink to={paths.repository(name, 'settings')}>{t('repository.toSettings')}</ButtonLink>
          }
        >
          <p>{stopped}</p>
        </Notice>
      )}
      <Tabs
        label={t('gitops.repository')}
        value={tabs.some(({ value }) => value === search.tab) ? (search.tab ?? '') : 'syncs'}
        onChange={(tab) =>
          setSearch({ tab: tab === 'syncs' ? undefined : tab, page_token: undefined }, { push: true })
        }
        tabs={tabs}
      />
    </>
  );
}

function Facts({ repository }: { repository: Repository }) {
  const { t } = useTranslation();
  const home = homeOf(repository);
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <a
        href={home}
        target="_blank"
        rel="noreferrer"
        className="inline-flex max-w-full items-center gap-1 text-accent hover:underline"
      >
        <span className="truncate">{home.replace(/^https?:\/\//, '')}</span>
        <ExternalLink className="size-3.5 shrink-0" aria-hidden="true" />
      </a>
      <span>
        {t('repository.filesOf')} <code className="font-mono text-small">{repository.filePattern}</code>{' '}
        {t('repository.onBranch')} <code className="font-mono text-small">{repository.branch}</code>
      </span>
      <span>
        <HowNews repository={repository} />
      </span>
      <span>
        {t('repository.actor')} <PersonName name={repository.actor} />
      </span>
      {repository.checkTime && (
        <span>
          {t('repository.checked')} <RelativeTime value={repository.checkTime} />
        </span>
      )}
    </span>
  );
}
