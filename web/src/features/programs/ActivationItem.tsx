import { UserRoundCheck, UserRoundX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { MenuItem } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import type { Program } from './ProgramList';

type Mutate = (
  request: { name: string | undefined },
  options: { onError: (error: ApiError) => void; onSuccess?: () => void },
) => void;

interface Props {
  program: Program;
  remove: Mutate;
  restore: Mutate;
}

/** Lets nobody sign in as it any more, or again. The first can be undone at once. */
export function ActivationItem({ program: { name, title, state }, remove, restore }: Props) {
  const { t } = useTranslation();
  const onError = (error: Error) => toast({ text: error.message, tone: 'danger' });
  const activate = () => restore({ name }, { onError });
  const deactivate = () =>
    remove(
      { name },
      {
        onError,
        onSuccess: () =>
          toast({
            text: t('user.deactivated', { name: title }),
            action: { label: t('action.undo'), run: activate },
          }),
      },
    );
  return state === 'DELETED' ? (
    <MenuItem icon={<UserRoundCheck aria-hidden="true" />} onSelect={activate}>
      {t('user.activate')}
    </MenuItem>
  ) : (
    <MenuItem danger icon={<UserRoundX aria-hidden="true" />} onSelect={deactivate}>
      {t('user.deactivate')}
    </MenuItem>
  );
}
