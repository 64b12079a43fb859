import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { planState } from './state';

/** Where a plan stands, in words. */
export function usePlanStateWords() {
  const { t } = useTranslation();
  return (plan: Plan) => {
    const kind = planState(plan);
    // Nobody agreed where nobody had to.
    if (kind === 'approved' && plan.approvalStatus === 'APPROVED') return t('status.approved');
    return t(`plan.state.${kind}` as 'plan.state.draft');
  };
}
