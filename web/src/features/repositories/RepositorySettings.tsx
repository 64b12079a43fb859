import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Repository } from '@/api/types';
import { DirtyBar } from '@/components/DirtyBar';
import { focusFirstError } from '@/lib/focus';
import { projectOf } from '@/lib/names';
import { Form } from '@/ui/Form';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { REPOSITORY_FIELDS, RepositoryFields } from './RepositoryFields';
import { RepositoryTest } from './RepositoryTest';
import { draftOf, maskOf, problemsOf, wireOf } from './repositories';

/** What was answered when the repository was set up, to be changed. */
export function RepositorySettings({ repository }: { repository: Repository }) {
  const { t } = useTranslation();
  const project = projectOf(repository.name);
  // What is being edited stays when something else of the repository changes meanwhile; the etag says so to the server.
  const [base, setBase] = useState(repository);
  const [draft, setDraft] = useState(() => draftOf(repository));
  const [tried, setTried] = useState(false);
  const update = useCall('RepositoryService/UpdateRepository', { touches: ['RepositoryService'] });
  const { error } = update;
  const problems = problemsOf(draft);
  const mask = maskOf(draft, base);
  const start = (from: Repository) => {
    setBase(from);
    setDraft(draftOf(from));
    setTried(false);
  };
  // Nothing is being edited: what somebody else saved meanwhile shows.
  if (!mask && repository.etag !== base.etag) start(repository);
  const save = () => {
    setTried(true);
    if (!mask || update.isPending) return;
    if (problems.length > 0) return focusFirstError();
    update.mutate(
      { repository: wireOf(draft, base), updateMask: mask },
      {
        onSuccess: (saved) => {
          start(saved);
          toast({ text: t('state.saved') });
        },
        onError: focusFirstError,
      },
    );
  };
  return (
    <Form className="flex max-w-180 flex-col gap-6" onSubmit={save}>
      <RepositoryFields
        isSaved
        project={project}
        draft={draft}
        onChange={(part) => {
          setDraft((old) => ({ ...old, ...part }));
          update.reset();
        }}
        problems={tried ? problems : []}
        error={error}
        tokenKept={base.accessTokenSet}
        test={<RepositoryTest project={project} draft={draft} saved={base} onWrong={() => setTried(true)} />}
      />
      <p className="text-small text-muted">{t('repository.inYourName')}</p>
      {error && !error.saidBeside(...REPOSITORY_FIELDS) && (
        <ErrorPanel error={error} doing={t('action.save')} />
      )}
      {mask && (
        <DirtyBar
          busy={update.isPending}
          onDiscard={() => {
            update.reset();
            start(repository);
          }}
        />
      )}
    </Form>
  );
}
