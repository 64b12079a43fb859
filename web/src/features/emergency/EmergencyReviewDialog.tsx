import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Emergency } from '@/api/types';
import { RadioCards } from '@/ui/Choice';
import { TextAreaField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel } from '@/ui/States';
import { EmergencyFacts } from './EmergencyFacts';

interface Props {
  emergency: Emergency;
  onClose: () => void;
}

type Verdict = 'JUSTIFIED' | 'NOT_JUSTIFIED';

/** Says afterwards whether it was justified. Final: it lets normal rollouts of the databases go on. */
export default function EmergencyReviewDialog({ emergency, onClose }: Props) {
  const { t } = useTranslation();
  const [verdict, setVerdict] = useState<Verdict>();
  const [comment, setComment] = useState('');
  const [tried, setTried] = useState(false);
  const review = useCall('EmergencyService/ReviewEmergency', {
    touches: ['EmergencyService', 'RolloutService', 'IssueService', 'PlanService'],
  });
  const submit = () => {
    setTried(true);
    if (!verdict || !comment.trim()) return;
    review.mutate({ name: emergency.name, verdict, comment: comment.trim() }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={t('emergency.reviewTitle')}
      description={t('emergency.reviewText')}
      submit={t('emergency.submitReview')}
      busy={review.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <EmergencyFacts emergency={emergency} />
      <div className="flex flex-col gap-1">
        <RadioCards<Verdict>
          legend={t('emergency.verdict')}
          value={verdict}
          onChange={setVerdict}
          options={(['JUSTIFIED', 'NOT_JUSTIFIED'] as const).map((value) => ({
            value,
            label: t(`emergency.verdicts.${value}`),
            description: t(`emergency.verdictText.${value}`),
          }))}
        />
        {tried && !verdict && (
          <p role="alert" className="text-small text-danger">
            {t('emergency.verdictNeeded')}
          </p>
        )}
      </div>
      <TextAreaField
        label={t('emergency.comment')}
        value={comment}
        maxLength={10_000}
        onChange={(event) => setComment(event.target.value)}
        hint={t('emergency.commentHint')}
        error={tried && !comment.trim() ? t('approval.review.commentNeeded') : undefined}
      />
      {review.error && <ErrorPanel error={review.error} doing={t('emergency.submitReview')} />}
    </FormDialog>
  );
}
