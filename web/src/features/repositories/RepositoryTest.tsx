import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Response } from '@/api/methods';
import { useCall } from '@/api/query';
import type { Repository } from '@/api/types';
import { focusFirstError } from '@/lib/focus';
import { Button } from '@/ui/Button';
import { ErrorPanel, Notice } from '@/ui/States';
import { Status } from '@/ui/Status';
import { IgnoredFiles } from './IgnoredFiles';
import { type Draft, problemsOf, shortCommit, testedOf, wireOf } from './repositories';

interface Props {
  project: string;
  draft: Draft;
  saved?: Repository;
  /** Something is wrong with what is typed: the fields are to say so. */
  onWrong: () => void;
}

/** What Basalt sees there, before anything is watched: the branch, the files and those it leaves out, what the token lacks. */
export function RepositoryTest({ project, draft, saved, onWrong }: Props) {
  const { t } = useTranslation();
  const test = useCall('RepositoryService/TestRepository');
  const [asked, setAsked] = useState('');
  const now = testedOf(draft);
  const run = () => {
    if (problemsOf(draft).some((field) => field !== 'interval')) {
      onWrong();
      return focusFirstError();
    }
    setAsked(now);
    test.mutate({ parent: project, repository: wireOf(draft, saved) });
  };
  // The answer is about what was typed then.
  const isOld = asked !== now;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button busy={test.isPending} onClick={run}>
          {t('repository.test')}
        </Button>
        <span className="text-small text-muted">{t('repository.testText')}</span>
      </div>
      {!isOld && !test.isPending && (
        <>
          {test.error && <ErrorPanel error={test.error} doing={t('repository.test')} />}
          {test.data && <Seen seen={test.data} />}
        </>
      )}
    </div>
  );
}

function Seen({ seen }: { seen: Response<'RepositoryService/TestRepository'> }) {
  const { t } = useTranslation();
  const { repositoryVisible, branchFound, commit, fileCount = 0, files = [], ignoredFiles = [] } = seen;
  const { missingScopes = [], error } = seen;
  const facts: { key: string; good: boolean; label: string }[] = [
    {
      key: 'visible',
      good: repositoryVisible ?? false,
      label: t(repositoryVisible ? 'repository.seen.visible' : 'repository.seen.hidden'),
    },
    ...(repositoryVisible
      ? [
          {
            key: 'branch',
            good: branchFound ?? false,
            label: branchFound
              ? t('repository.seen.commit', { commit: shortCommit(commit) })
              : t('repository.seen.noBranch'),
          },
        ]
      : []),
    ...(branchFound
      ? [
          {
            key: 'files',
            good: fileCount > 0,
            label:
              fileCount > 0 ? t('repository.seen.files', { count: fileCount }) : t('repository.seen.noFiles'),
          },
        ]
      : []),
    ...(missingScopes.length > 0
      ? [
          {
            key: 'scopes',
            good: false,
            label: t('repository.seen.scopes', { scopes: missingScopes.join(', ') }),
          },
        ]
      : []),
  ];
  return (
    <div className="flex flex-col gap-2 rounded-card border border-line bg-raised px-4 py-3">
      {error ? (
        <Notice tone="danger" role="alert" title={t('repository.seen.not')}>
          <p>{error}</p>
        </Notice>
      ) : (
        <p role="status" className="font-medium">
          {t('repository.seen.all')}
        </p>
      )}
      <ul aria-label={t('repository.test')} className="flex flex-col gap-1">
        {facts.map(({ key, good, label }) => (
          <li key={key}>
            <Status kind={good ? 'done' : 'failed'} label={label} className="whitespace-normal" />
          </li>
        ))}
      </ul>
      {files.length > 0 && (
        <details className="text-small">
          <summary className="w-fit cursor-pointer text-muted">{t('repository.seen.which')}</summary>
          <ul className="mt-1.5 flex flex-col gap-0.5">
            {files.map((file) => (
              <li key={file} className="font-mono text-caption [overflow-wrap:anywhere]">
                {file}
              </li>
            ))}
          </ul>
          {fileCount > files.length && (
            <p className="mt-1 text-muted">
              {t('repository.moreFiles', { count: fileCount - files.length })}
            </p>
          )}
        </details>
      )}
      <IgnoredFiles files={ignoredFiles} />
    </div>
  );
}
