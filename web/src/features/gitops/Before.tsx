import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '@/components/Page';
import { CopyBlock } from '@/ui/CopyBlock';
import { adoptCommand, moveCommand } from './commands';
import type { GitOps } from './useGitOps';

/** For who does not begin with an empty repository: what another tool has applied, and what was changed here. */
export function Before({ gitops: { answers } }: { gitops: GitOps }) {
  const { t } = useTranslation();
  return (
    <Section title={t('gitops.before')}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
        <Card title={t('gitops.adopt')} text={t('gitops.adoptText')} after={t('gitops.adoptAfter')}>
          <CopyBlock text={adoptCommand(answers)} label={t('gitops.adopt')} />
        </Card>
        <Card title={t('gitops.move')} text={t('gitops.moveText')} after={t('gitops.moveAfter')}>
          <CopyBlock text={moveCommand(answers)} label={t('gitops.move')} />
        </Card>
      </div>
      <p className="text-small text-muted">{t('gitops.beforeSignIn')}</p>
    </Section>
  );
}

interface CardProps {
  title: string;
  text: string;
  after: string;
  children: ReactNode;
}

const Card = ({ title, text, after, children }: CardProps) => (
  <div className="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-raised p-4">
    <h3 className="font-medium">{title}</h3>
    <p className="text-small text-muted">{text}</p>
    {children}
    <p className="text-small text-muted">{after}</p>
  </div>
);
