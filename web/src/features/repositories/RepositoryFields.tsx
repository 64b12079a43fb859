import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { DurationField } from '@/components/DurationField';
import { Section } from '@/components/Page';
import { Targets } from '@/features/plans/Targets';
import { Checkbox, RadioCards } from '@/ui/Choice';
import { PasswordField, TextField } from '@/ui/Field';
import { type Draft, EXAMPLES, type Field, HOSTS, MODES, PUBLIC, pasted, tokensPage } from './repositories';

/** Those that show what the server says of them. */
export const REPOSITORY_FIELDS = [
  'title',
  'url',
  'path',
  'branch',
  'file_pattern',
  'category',
  'poll_interval',
  'repository.targets',
  'access_token',
  'report_status',
];

interface Props {
  project: string;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
  /** Those to be shown, which is after somebody tried. */
  problems: readonly Field[];
  error: ApiError | null;
  /** There is one already: its host stays, and the server keeps its token. */
  isSaved?: boolean;
  tokenKept?: boolean | undefined;
  /** Shows what Basalt sees there, beside the answers that it depends on. */
  test: ReactNode;
}

/** Which files of which repository are watched, how, and where they go: one step after the other. */
export function RepositoryFields(props: Props) {
  const { project, draft, onChange, problems, error, isSaved = false, tokenKept, test } = props;
  const { t } = useTranslation();
  const { host } = draft;
  const step = (n: number, title: string) => (isSaved ? title : t('repository.step', { n, title }));
  const wrong = (field: Field) => (problems.includes(field) ? t(`repository.wrong.${field}`) : undefined);
  const targets = error?.field('repository.targets');
  const report = error?.field('report_status');
  return (
    <>
      <Section title={step(1, t('gitops.repository'))}>
        <div className="flex flex-col gap-4">
          {!isSaved && (
            <RadioCards
              legend={t('repository.host')}
              value={host}
              onChange={(next) => onChange({ host: next })}
              options={HOSTS.map((value) => ({ value, label: t(`repository.hosts.${value}`) }))}
            />
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={t('repository.path')}
              mono
              spellCheck={false}
              placeholder={EXAMPLES[host]}
              value={draft.path}
              onChange={(event) => {
                const { host: found = host, ...rest } = pasted(event.target.value);
                // Its kind of host is all that a repository keeps.
                onChange(isSaved ? rest : { ...rest, host: found });
              }}
              hint={t('repository.pathHint')}
              error={error?.field('path') ?? wrong('path')}
            />
            <TextField
              label={t('repository.url')}
              optional
              type="url"
              mono
              placeholder={PUBLIC[host]}
              value={draft.url}
              onChange={(event) => onChange({ url: event.target.value.trim() })}
              hint={t('repository.urlHint')}
              error={error?.field('url') ?? wrong('url')}
            />
          </div>
        </div>
      </Section>
      <Section title={step(2, t('repository.access'))}>
        <div className="flex flex-col gap-4">
          <PasswordField
            label={t('repository.token')}
            optional={!draft.report}
            autoComplete="new-password"
            value={draft.token}
            onChange={(event) => onChange({ token: event.target.value })}
            error={error?.field('access_token')}
            hint={
              <>
                {tokenKept ? t('form.secretKept') : !draft.report && t('repository.tokenEmpty')}{' '}
                {t(`repository.${draft.report ? 'tokenWrites' : 'tokenText'}.${host}`)}{' '}
                <a
                  href={tokensPage(draft)}
                  target="_blank"
                  rel="noreferrer"
                  className="inline-flex items-center gap-1 text-accent hover:underline"
                >
                  {t(`repository.tokenPage.${host}`)}
                  <ExternalLink className="size-3" aria-hidden="true" />
                </a>
              </>
            }
          />
          <div className="flex flex-col gap-1.5">
            <Checkbox
              label={t('repository.report', { host: t(`repository.hosts.${host}`) })}
              description={t('repository.reportText')}
              checked={draft.report}
              onChange={(event) => onChange({ report: event.target.checked })}
            />
            {report && (
              <p role="alert" className="text-small text-danger">
                {report}
              </p>
            )}
          </div>
        </div>
      </Section>
      <Section title={step(3, t('repository.what'))}>
        <div className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={t('gitops.branch')}
              mono
              spellCheck={false}
              value={draft.branch}
              onChange={(event) => onChange({ branch: event.target.value })}
              hint={t('repository.branchHint')}
              error={error?.field('branch') ?? wrong('branch')}
            />
            <TextField
              label={t('gitops.files')}
              mono
              spellCheck={false}
              value={draft.files}
              onChange={(event) => onChange({ files: event.target.value })}
              hint={t('repository.filesHint')}
              error={error?.field('file_pattern') ?? wrong('files')}
            />
          </div>
          {test}
        </div>
      </Section>
      <Section title={step(4, t('repository.mode'))}>
        <div className="flex flex-col gap-4">
          <RadioCards
            legend={t('repository.mode')}
            hideLegend
            value={draft.mode}
            onChange={(mode) => onChange({ mode })}
            options={MODES.map((value) => ({
              value,
              label: t(`repository.modes.${value}`),
              description: t(`repository.modeText.${value}`),
            }))}
          />
          {draft.mode === 'POLL' && (
            <DurationField
              label={t('repository.interval')}
              value={draft.interval ?? undefined}
              onChange={(interval) => onChange({ interval })}
              units={['seconds', 'minutes', 'hours']}
              hint={t('repository.intervalHint')}
              error={error?.field('poll_interval')}
            />
          )}
        </div>
      </Section>
      <Section title={step(5, t('gitops.where'))}>
        <div className="flex flex-col gap-4">
          <div className="flex flex-col gap-1.5">
            <Targets
              project={project}
              targets={[...draft.targets]}
              onChange={(next) => onChange({ targets: next })}
            />
            {targets && (
              <p role="alert" className="text-small text-danger">
                {targets}
              </p>
            )}
            <p className="text-caption text-muted">{t('repository.targetsHint')}</p>
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={t('repository.title')}
              optional
              placeholder={draft.path}
              value={draft.title}
              onChange={(event) => onChange({ title: event.target.value })}
              error={error?.field('title')}
            />
            <TextField
              label={t('release.category')}
              optional
              spellCheck={false}
              value={draft.category}
              onChange={(event) => onChange({ category: event.target.value })}
              hint={t('repository.categoryHint')}
              error={error?.field('category')}
            />
          </div>
        </div>
      </Section>
    </>
  );
}
