import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import type { ApprovalGate, Issue } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { GateList } from './GateList';

interface Props {
  id: string;
  /** Nothing before there is an issue. */
  query: UseQueryResult<Issue, ApiError> | undefined;
  onReview: (gates: readonly ApprovalGate[]) => void;
}

/** Who must agree before which stage, and where that stands. */
export function ReviewRegion({ id, query, onReview }: Props) {
  const { t } = useTranslation();
  return (
    <Section id={id} title={t('plan.section.review')}>
      {query ? (
        <Loaded query={query} doing={t('plan.section.review')} skeletonRows={2}>
          {(issue) => <GateList issue={issue} onReview={onReview} />}
        </Loaded>
      ) : (
        <p className="text-muted">{t('approval.notSubmitted')}</p>
      )}
    </Section>
  );
}
