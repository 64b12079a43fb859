import type { TFunction } from 'i18next';
import type { ApiError } from '@/api/error';

/** What to tell somebody whose sign-in failed. Never says which of the two was wrong. */
export function signInMessage(t: TFunction, error: ApiError): string {
  switch (error.reason) {
    case 'WRONG_CREDENTIALS':
      return t('auth.wrong');
    case 'TOO_MANY_ATTEMPTS':
      return t('auth.tooMany');
    case 'NETWORK':
      return t('auth.network');
    default:
      return error.message;
  }
}
