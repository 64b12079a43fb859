import { useTranslation } from 'react-i18next';
import type { State } from '@/api/types';
import { Status } from '@/ui/Status';

/** Whether somebody, or a program, may sign in. */
export function AccountState({ state }: { state: State | undefined }) {
  const { t } = useTranslation();
  return state === 'DELETED' ? (
    <Status kind="closed" label={t('user.inactive')} />
  ) : (
    <Status kind="done" label={t('user.active')} />
  );
}
