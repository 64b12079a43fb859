import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Emergency, Plan } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { projectOf } from '@/lib/names';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel, Notice } from '@/ui/States';
import { EmergencyFacts } from './EmergencyFacts';
import { isOpen, isOverdue } from './emergency';

const EmergencyReviewDialog = lazy(() => import('./EmergencyReviewDialog'));

const MOST = 50;

/** Emergency runs of the plan: what waits for a review, and what came of those before. */
export function EmergencyNotices({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const query = useRpc(
    'EmergencyService/ListEmergencies',
    { parent: projectOf(plan.name), plan: plan.name, pageSize: MOST },
    // There is none without a rollout.
    { topics: [plan.name ?? ''], enabled: plan.hasRollout === true },
  );
  const [reviewing, setReviewing] = useState<Emergency | null>(null);
  const emergencies = query.data?.emergencies ?? [];
  return (
    <>
      {query.error && <ErrorPanel error={query.error} doing={t('emergency.runs')} />}
      {emergencies.map((emergency) => (
        <OneNotice key={emergency.name} emergency={emergency} onReview={() => setReviewing(emergency)} />
      ))}
      {reviewing && (
        <Suspense>
          <EmergencyReviewDialog emergency={reviewing} onClose={() => setReviewing(null)} />
        </Suspense>
      )}
    </>
  );
}

interface NoticeProps {
  emergency: Emergency;
  onReview: () => void;
}

function OneNotice({ emergency, onReview }: NoticeProps) {
  const { t } = useTranslation();
  const { verdict, reviewer, comment, dueTime, reviewTime, canReview, refusal } = emergency;
  if (!isOpen(emergency)) {
    return (
      <Notice
        tone={verdict === 'NOT_JUSTIFIED' ? 'warning' : 'info'}
        title={t(verdict === 'NOT_JUSTIFIED' ? 'emergency.wasNot' : 'emergency.was')}
      >
        <p>
          <PersonName name={reviewer} /> <RelativeTime value={reviewTime} />
          {': '}
          <span className="whitespace-pre-wrap">{comment}</span>
        </p>
        <details className="mt-1">
          <summary className="cursor-pointer">{t('emergency.details')}</summary>
          <EmergencyFacts emergency={emergency} />
        </details>
      </Notice>
    );
  }
  const overdue = isOverdue(emergency);
  return (
    <Notice
      tone={overdue ? 'danger' : 'warning'}
      title={t(overdue ? 'emergency.overdue' : 'emergency.due')}
      actions={
        canReview && (
          <Button size="sm" tone="primary" onClick={onReview}>
            {t('emergency.review')}
          </Button>
        )
      }
    >
      <p className="mb-2">
        {t(overdue ? 'emergency.overdueText' : 'emergency.dueText')} <RelativeTime value={dueTime} />
      </p>
      <EmergencyFacts emergency={emergency} />
      {!canReview && refusal && <p className="mt-2 text-muted first-letter:uppercase">{refusal}</p>}
    </Notice>
  );
}
