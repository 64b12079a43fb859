import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Section } from '@/components/Page';
import { saveText } from '@/lib/download';
import { Button } from '@/ui/Button';
import { CopyBlock } from '@/ui/CopyBlock';
import { Notice } from '@/ui/States';
import { type Answers, FILES, type Field, workflow } from './workflow';

interface Props {
  answers: Answers;
  problems: readonly Field[];
}

/** The file to commit, once every answer that stands in it is there. */
export function WorkflowFile({ answers, problems }: Props) {
  const { t } = useTranslation();
  const path = FILES[answers.platform];
  const isReady = problems.length === 0;
  return (
    <Section
      title={t('gitops.workflow')}
      actions={
        isReady && (
          <Button size="sm" onClick={() => saveText(path.split('/').at(-1) ?? path, workflow(answers))}>
            <Download aria-hidden="true" />
            {t('action.download')}
          </Button>
        )
      }
    >
      <p className="text-muted">
        <code className="font-mono text-small text-text">{path}</code>
        {answers.platform !== 'github' && <> · {t('gitops.merge')}</>}
      </p>
      {isReady ? (
        <CopyBlock text={workflow(answers)} label={path} />
      ) : (
        <Notice title={t('gitops.notReady')}>
          <ul className="list-disc pl-4">
            {problems.map((field) => (
              <li key={field}>
                {answers[field].length > 0 ? t(`gitops.wrong.${field}`) : t(`gitops.missing.${field}`)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </Section>
  );
}
