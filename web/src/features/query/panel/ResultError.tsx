import { CornerDownRight, GitPullRequestArrow } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useGo } from '@/hooks/useGo';
import { DEFAULT_PROJECT } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/States';
import type { ResultFacts } from '../result/answer';
import { errorLine } from '../run/place';
import type { Asked } from '../run/runs';
import { planFrom } from './planFrom';

interface Props {
  facts: ResultFacts;
  asked: Asked;
  onGoToLine: (line: number) => void;
}

/** The statement only reads, or it is not run here. */
export const isRefused = ({ errorReason, commandError }: ResultFacts) =>
  errorReason === 'STATEMENT_REFUSED' || commandError !== undefined;

/** Why a statement did not give rows: what the database said and where, or what is not done here and what to do. */
export function ResultError({ facts, asked, onGoToLine }: Props) {
  const { t } = useTranslation();
  const go = useGo();
  const line = errorLine(facts, asked);
  const refused = isRefused(facts);
  const { detail, hint, code } = facts.postgresError ?? {};
  const plan = refused && asked.project !== '' && asked.project !== DEFAULT_PROJECT;
  return (
    <div className="overflow-y-auto p-3">
      <Notice
        tone={refused ? 'warning' : 'danger'}
        role="alert"
        title={t(refused ? 'sqlEditor.refused' : 'sqlEditor.failed')}
        actions={
          <>
            {plan && (
              <Button size="sm" tone="primary" onClick={() => planFrom(asked).then((to) => go(to))}>
                <GitPullRequestArrow aria-hidden="true" />
                {t('sqlEditor.createPlan')}
              </Button>
            )}
            {line !== undefined && (
              <Button size="sm" onClick={() => onGoToLine(line)}>
                <CornerDownRight aria-hidden="true" />
                {t('checks.goToLine', { line })}
              </Button>
            )}
          </>
        }
      >
        <p className="whitespace-pre-wrap">{facts.error}</p>
        {detail && <p className="mt-1">{detail}</p>}
        {hint && <p className="mt-1">{t('sqlEditor.hint', { hint })}</p>}
        {refused && <p className="mt-1">{t('sqlEditor.refusedText')}</p>}
        <p className="mt-1 text-caption text-muted">
          {[line !== undefined && t('sqlEditor.line', { line }), code, facts.errorReason]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </Notice>
    </div>
  );
}
