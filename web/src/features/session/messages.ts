import type { TFunction } from 'i18next';
import type { ApiError } from '@/api/error';
import { sentence } from '@/lib/text';

/** What to tell somebody whose sign-in failed; `wrong` never says which of two things was wrong. */
export function signInMessage(t: TFunction, error: ApiError, wrong: string = t('auth.wrong')): string {
  switch (error.reason) {
    case 'WRONG_CREDENTIALS':
      return wrong;
    case 'NETWORK':
      return t('auth.network');
    default:
      // Of too many attempts the server says how long to wait.
      return sentence(error.message);
  }
}
