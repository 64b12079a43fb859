import type { TFunction } from 'i18next';
import type { ApiError } from '@/api/error';
import { sentence } from '@/lib/text';
import { clockTime, relativeTime } from '@/lib/time';

/** What to tell somebody whose sign-in failed; `wrong` never says which of two things was wrong. */
export function signInMessage(t: TFunction, error: ApiError, wrong: string = t('auth.wrong')): string {
  switch (error.reason) {
    case 'WRONG_CREDENTIALS':
      return wrong;
    case 'NETWORK':
      return t('auth.network');
    default: {
      const again = error.retryAt;
      return again
        ? t('auth.wait', { time: clockTime(again), span: relativeTime(again, error.time.getTime()) })
        : sentence(error.message);
    }
  }
}
