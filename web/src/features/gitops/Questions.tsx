import { useTranslation } from 'react-i18next';
import { Section } from '@/components/Page';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { Targets } from '@/features/plans/Targets';
import { RadioCards } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import { AccountField } from './AccountField';
import { type GitOps, NOWHERE } from './useGitOps';
import { type Field, PLATFORMS } from './workflow';

/** What the workflow is made from. Each answer is kept as it is typed. */
export function Questions({ project, gitops }: { project: string; gitops: GitOps }) {
  const { t } = useTranslation();
  const { answers, problems, set } = gitops;
  const wrong = (field: Field) =>
    problems.includes(field) && answers[field].length > 0 ? t(`gitops.wrong.${field}`) : undefined;
  return (
    <>
      <Section title={t('gitops.repository')}>
        <div className="flex flex-col gap-4">
          <RadioCards
            legend={t('gitops.platform')}
            className="grid-cols-2"
            value={answers.platform}
            onChange={gitops.setPlatform}
            options={PLATFORMS.map((value) => ({ value, label: t(`gitops.platforms.${value}`) }))}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={t('gitops.files')}
              mono
              spellCheck={false}
              value={answers.files}
              onChange={(event) => set({ files: event.target.value })}
              hint={t('gitops.filesHint')}
              error={wrong('files')}
            />
            <TextField
              label={t('gitops.branch')}
              mono
              spellCheck={false}
              value={answers.branch}
              onChange={(event) => set({ branch: event.target.value })}
              hint={t('gitops.branchHint')}
              error={wrong('branch')}
            />
          </div>
        </div>
      </Section>
      <Section title={t('gitops.where')}>
        <div className="flex flex-col gap-4">
          <div>
            <Targets
              project={project}
              targets={[...answers.targets]}
              onChange={(targets) => set({ targets })}
            />
            {wrong('targets') && (
              <p role="alert" className="mt-1 text-small text-danger">
                {wrong('targets')}
              </p>
            )}
          </div>
          <StageField gitops={gitops} />
        </div>
      </Section>
      <Section title={t('gitops.signIn')}>
        <AccountField project={project} gitops={gitops} />
      </Section>
      <Section title={t('gitops.program')}>
        <p className="text-muted">{t('gitops.programText')}</p>
        <div className="flex flex-col gap-4">
          <TextField
            label={t('gitops.programUrl')}
            type="url"
            optional
            mono
            spellCheck={false}
            placeholder={answers.program}
            value={gitops.ownProgram}
            onChange={(event) => set({ program: event.target.value.trim() })}
            hint={t('gitops.programHint')}
            error={wrong('program')}
          />
          <TextField
            label={t('gitops.sha256')}
            optional
            mono
            spellCheck={false}
            value={answers.sha256}
            onChange={(event) => set({ sha256: event.target.value.trim() })}
            hint={t('gitops.sha256Hint')}
            error={wrong('sha256')}
          />
        </div>
      </Section>
    </>
  );
}

/** How far a merge goes by itself. */
function StageField({ gitops }: { gitops: GitOps }) {
  const { t } = useTranslation();
  const { data = [] } = useEnvironments();
  const titleOf = (name: string) =>
    environmentTitle(
      data.find(({ id }) => `environments/${id}` === name),
      name,
    );
  return (
    <Select
      label={t('gitops.stage')}
      className="sm:max-w-80"
      value={gitops.stage}
      onChange={(stage) => gitops.set({ stage })}
      hint={t('gitops.stageHint')}
      options={[
        ...gitops.stages.map((value) => ({ value, label: t('gitops.upTo', { stage: titleOf(value) }) })),
        { value: NOWHERE, label: t('gitops.nowhere') },
      ]}
    />
  );
}
