import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Repository } from '@/api/types';
import { KeptBox, useKept } from '@/components/Kept';
import { Page, Section } from '@/components/Page';
import { useProject } from '@/features/projects/useProject';
import { REPOSITORY_FIELDS, RepositoryFields } from '@/features/repositories/RepositoryFields';
import { RepositoryTest } from '@/features/repositories/RepositoryTest';
import { FIRST, hostOf, problemsOf, wireOf } from '@/features/repositories/repositories';
import { WebhookGuide } from '@/features/repositories/WebhookGuide';
import { useGo } from '@/hooks/useGo';
import { focusFirstError } from '@/lib/focus';
import { paths } from '@/lib/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { ErrorPanel, Notice } from '@/ui/States';

/** From the address of a repository to one that Basalt watches. With a webhook, what the host has to be told comes last. */
export default function NewRepositoryPage() {
  const { t } = useTranslation();
  const project = useProject();
  const go = useGo();
  const [draft, setDraft] = useState(FIRST);
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState<Repository | null>(null);
  const create = useCall('RepositoryService/CreateRepository', { touches: ['RepositoryService'] });
  const { error } = create;
  const problems = problemsOf(draft);
  if (made) return <LastStep made={made} />;
  const submit = () => {
    setTried(true);
    if (problems.length > 0) return focusFirstError();
    create.mutate(
      { parent: project.name, repository: wireOf(draft) },
      {
        onSuccess: (repository) => {
          if (repository.mode === 'WEBHOOK') return setMade(repository);
          void go(paths.repository(repository.name ?? ''));
        },
        onError: focusFirstError,
      },
    );
  };
  return (
    <Page title={t('repository.add')} context={project.title} purpose={t('repository.addText')} width="form">
      <Form
        className="flex flex-col gap-6"
        onSubmit={() => {
          if (!create.isPending) submit();
        }}
      >
        <RepositoryFields
          project={project.name}
          draft={draft}
          onChange={(part) => {
            setDraft((old) => ({ ...old, ...part }));
            create.reset();
          }}
          problems={tried ? problems : []}
          error={error}
          test={<RepositoryTest project={project.name} draft={draft} onWrong={() => setTried(true)} />}
        />
        <p className="text-small text-muted">{t('repository.inYourName')}</p>
        {error && !error.saidBeside(...REPOSITORY_FIELDS) && (
          <ErrorPanel error={error} doing={t('repository.create')} />
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" busy={create.isPending}>
            {t('repository.create')}
          </Button>
          <ButtonLink to={paths.repositories(project.name)}>{t('action.cancel')}</ButtonLink>
        </div>
      </Form>
    </Page>
  );
}

/** The repository is made; its secret shows here and nowhere else. */
function LastStep({ made }: { made: Repository }) {
  const { t } = useTranslation();
  const project = useProject();
  const go = useGo();
  const kept = useKept(() => void go(paths.repository(made.name ?? '')));
  return (
    <Page
      title={t('repository.lastStep', { name: made.title })}
      context={project.title}
      purpose={t('repository.lastStepText', { host: t(`repository.hosts.${hostOf(made)}`) })}
      width="form"
    >
      <Notice tone="warning" title={t('webhook.secretOnce')} />
      <Section title={t('repository.webhook')}>
        <WebhookGuide repository={made} secret={made.webhookSecret} />
      </Section>
      <KeptBox state={kept} label={t('repository.hookIsSet')} />
      <div>
        <Button tone="primary" onClick={kept.leave}>
          {t('repository.open')}
        </Button>
      </div>
    </Page>
  );
}
