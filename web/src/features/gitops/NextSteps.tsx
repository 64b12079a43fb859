import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '@/components/Page';
import { CopyBlock } from '@/ui/CopyBlock';
import { type Answers, FILES, type Platform, SECRET } from './workflow';

/** What comments need beside the account; the name of it, never its value. */
const TOKEN: Partial<Record<Platform, string>> = {
  gitlab: 'GITLAB_TOKEN',
  bitbucket: 'BITBUCKET_ACCESS_TOKEN',
};

/** From the file to a first release, in the repository. */
export function NextSteps({ answers }: { answers: Answers }) {
  const { t } = useTranslation();
  const { platform, branch, files, signIn } = answers;
  const example = exampleOf(files);
  const steps: { key: string; text: string; code?: ReactNode }[] = [
    ...(signIn === 'key'
      ? [
          {
            key: 'secret',
            text: t(`gitops.keep.${platform}`),
            code: <CopyBlock text={SECRET} label={t('gitops.secretName')} />,
          },
        ]
      : []),
    ...(platform === 'github'
      ? []
      : [
          {
            key: 'comments',
            text: t(`gitops.comments.${platform}`),
            code: TOKEN[platform] && <CopyBlock text={TOKEN[platform]} label={t('gitops.tokenName')} />,
          },
        ]),
    { key: 'commit', text: t('gitops.step.commit', { file: FILES[platform], branch }) },
    {
      key: 'try',
      text: t('gitops.step.try', { file: example }),
      code: <CopyBlock text={t('gitops.exampleSql')} label={example} />,
    },
    { key: 'open', text: t('gitops.step.open', { branch }) },
    { key: 'merge', text: t('gitops.step.merge') },
  ];
  return (
    <Section title={t('gitops.next')}>
      <ol className="flex list-decimal flex-col gap-3 pl-5 marker:text-muted">
        {steps.map(({ key, text, code }) => (
          <li key={key}>
            <p className="[overflow-wrap:anywhere]">{text}</p>
            {code && <div className="mt-1.5">{code}</div>}
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** A first file that the pattern takes. */
const exampleOf = (pattern: string) =>
  `${pattern.includes('/') ? `${pattern.split('/')[0]}/` : ''}0001_hello.sql`.replace(
    /^[^/]*[*?[{][^/]*\//,
    '',
  );
