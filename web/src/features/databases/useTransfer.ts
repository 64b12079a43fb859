import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Database } from '@/api/types';
import { toast } from '@/ui/toast';

/** Moves databases to a project, with a toast that takes it back. */
export function useTransfer() {
  const { t } = useTranslation();
  const update = useCall('DatabaseService/BatchUpdateDatabases', {
    touches: ['DatabaseService', 'ProjectService'],
  });
  const send = (moves: readonly { name: string; project: string }[]) =>
    update.mutateAsync({
      parent: 'instances/-',
      requests: moves.map(({ name, project }) => ({ database: { name, project }, updateMask: 'project' })),
    });
  return {
    isPending: update.isPending,
    error: update.error,
    reset: update.reset,
    /** Rejects when the server refuses; `error` then says why. */
    move: async (databases: readonly Database[], project: string, done: string) => {
      const before = databases.map((db) => ({ name: db.name ?? '', project: db.project ?? '' }));
      await send(before.map(({ name }) => ({ name, project })));
      toast({
        text: done,
        action: {
          label: t('action.undo'),
          run: () => {
            send(before).then(
              () => toast({ text: t('database.undone') }),
              (error: Error) => toast({ text: error.message, tone: 'danger' }),
            );
          },
        },
      });
    },
  };
}
