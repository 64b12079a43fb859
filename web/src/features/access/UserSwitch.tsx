import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { User } from '@/api/types';
import { useMay } from '@/lib/may';
import { useMe } from '@/lib/session';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/toast';

/** Deactivates somebody, or lets them in again. Nobody locks themselves out. */
export function UserSwitch({ user }: { user: User }) {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const remove = useCall('UserService/DeleteUser', { touches: ['UserService'] });
  const restore = useCall('UserService/UndeleteUser', { touches: ['UserService'] });
  const deleted = user.state === 'DELETED';
  if (user.email === me?.email || !may.everywhere(deleted ? 'bb.users.undelete' : 'bb.users.delete')) {
    return null;
  }
  const failed = (error: Error) => toast({ text: error.message, tone: 'danger' });
  const activate = () => restore.mutate({ name: user.name }, { onError: failed });
  const deactivate = () =>
    remove.mutate(
      { name: user.name },
      {
        onError: failed,
        onSuccess: () =>
          toast({
            text: t('user.deactivated', { name: user.title }),
            action: { label: t('action.undo'), run: activate },
          }),
      },
    );
  return (
    <Button
      size="sm"
      tone="ghost"
      busy={remove.isPending || restore.isPending}
      onClick={deleted ? activate : deactivate}
    >
      {deleted ? t('user.activate') : t('user.deactivate')}
    </Button>
  );
}
