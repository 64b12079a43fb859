import { useTranslation } from 'react-i18next';
import type { PayloadProblem } from './payload';

/** What stands around a token, as text: the words have tokens of their own. */
const TOKEN = { open: '{{', close: '}}' };

/** What is wrong with a payload, and what to do. */
export function useProblemWords(): (problem: PayloadProblem) => string {
  const { t } = useTranslation();
  return (problem) => t(`review.problem.${problem}`, TOKEN);
}
