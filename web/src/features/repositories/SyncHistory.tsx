import { ExternalLink, GitCommitHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { RepositorySync } from '@/api/types';
import { PAGE_SIZE, Pager, useListState } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { PersonName } from '@/components/PersonName';
import { cn } from '@/lib/cn';
import { planId, releaseId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { webLink } from '@/lib/url';
import { TextLink } from '@/ui/AppLink';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status } from '@/ui/Status';
import { IgnoredFiles } from './IgnoredFiles';
import { type Host, shortCommit } from './repositories';
import { KIND, type SyncState, stateOf, toldOf } from './syncs';

/** What each look at the branch came to, newest first: the commit, what was made of it, and why not more. */
export function SyncHistory({ repository, host }: { repository: string; host: Host }) {
  const { t } = useTranslation();
  const { pageToken } = useListState();
  const query = useRpc(
    'RepositoryService/ListRepositorySyncs',
    { parent: repository, pageSize: PAGE_SIZE, pageToken },
    { topics: [repository], keep: true },
  );
  return (
    <Loaded query={query} doing={t('repository.syncs')} skeletonRows={4}>
      {({ syncs = [], nextPageToken }) =>
        syncs.length > 0 ? (
          <>
            <ol
              aria-label={t('repository.syncs')}
              className="divide-y divide-line rounded-card border border-line bg-raised"
            >
              {syncs.map((sync) => (
                <SyncRow key={sync.name} sync={sync} kind={host} />
              ))}
            </ol>
            <Pager nextPageToken={nextPageToken} />
          </>
        ) : (
          <EmptyState icon={<GitCommitHorizontal aria-hidden="true" />} title={t('repository.noSyncs')}>
            {t('repository.noSyncsText')}
          </EmptyState>
        )
      }
    </Loaded>
  );
}

/** Of what a sync says: people have to do something, perhaps have to, or need not. */
const TONE: Readonly<Record<SyncState, string>> = {
  PENDING: 'text-muted',
  RETRYING: 'text-warning',
  DONE: 'text-muted',
  NOTHING_NEW: 'text-muted',
  WAITING: 'text-muted',
  FAILED: 'text-danger',
};

function SyncRow({ sync, kind }: { sync: RepositorySync; kind: Host }) {
  const { t } = useTranslation();
  const { message, release, plan, rollout, fileCount = 0, ignoredFiles = [], nextAttemptTime } = sync;
  const state = stateOf(sync);
  const { commitStatus, commitStatusError } = sync;
  const host = t(`repository.hosts.${kind}`);
  return (
    <li className="flex flex-col gap-1.5 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Status kind={KIND[state]} label={t(`repository.state.${state}`)} className="min-w-32" />
        <Commit sync={sync} />
        <span className="text-small text-muted">
          <Origin sync={sync} />
        </span>
        <span className="ml-auto text-small text-muted">
          <RelativeTime value={sync.createTime} />
        </span>
      </div>
      {message && (
        <p className={cn('text-small', TONE[state])}>
          <span className="[overflow-wrap:anywhere]">{message}</span>
          {nextAttemptTime && (
            <>
              {' '}
              {t('repository.nextAttempt')} <RelativeTime value={nextAttemptTime} />
            </>
          )}
        </p>
      )}
      {(release || plan) && (
        <p className="flex flex-wrap gap-x-4 text-small">
          {release && <TextLink to={paths.release(release)}>{releaseId(release)}</TextLink>}
          {plan && (
            <TextLink to={paths.plan(plan, { tab: rollout ? 'rollout' : undefined })}>
              {t(rollout ? 'repository.rolloutOf' : 'repository.plan', { plan: planId(plan) })}
            </TextLink>
          )}
          <span className="text-muted">{t('repository.fileCount', { count: fileCount })}</span>
        </p>
      )}
      {commitStatusError ? (
        <p className="text-small text-warning [overflow-wrap:anywhere]">
          {t('repository.told.not', { host })} {commitStatusError}
        </p>
      ) : (
        commitStatus && (
          <p className="text-small text-muted">{t(`repository.told.${toldOf(commitStatus)}`, { host })}</p>
        )
      )}
      <IgnoredFiles files={ignoredFiles} />
    </li>
  );
}

function Commit({ sync: { commit, commitUrl } }: { sync: RepositorySync }) {
  const { t } = useTranslation();
  if (!commit) return <span className="text-small text-muted">{t('repository.noCommit')}</span>;
  const link = webLink(commitUrl ?? '');
  const text = shortCommit(commit);
  if (!link) return <code className="font-mono text-small">{text}</code>;
  return (
    <a
      href={link}
      target="_blank"
      rel="noreferrer"
      aria-label={t('repository.commit', { commit: text })}
      className="inline-flex items-center gap-1 font-mono text-small text-accent hover:underline"
    >
      {text}
      <ExternalLink className="size-3.5" aria-hidden="true" />
    </a>
  );
}

/** What made Basalt look. */
function Origin({ sync: { trigger, triggerSource } }: { sync: RepositorySync }) {
  const { t } = useTranslation();
  if (trigger === 'MANUAL')
    return (
      <>
        {t('repository.trigger.MANUAL')} <PersonName name={triggerSource} />
      </>
    );
  return t(trigger === 'WEBHOOK' ? 'repository.trigger.WEBHOOK' : 'repository.trigger.POLL');
}
