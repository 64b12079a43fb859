import { useTranslation } from 'react-i18next';
import type { Revision } from '@/api/types';
import { Status } from '@/ui/Status';

interface Props {
  revision: Revision;
  boxed?: boolean;
}

/** Whether the version counts as applied, and whether it was run for that. */
export function RevisionState({ revision: { deleteTime, taskRun }, boxed }: Props) {
  const { t } = useTranslation();
  if (deleteTime) return <Status kind="canceled" label={t('revision.takenBack')} boxed={boxed} />;
  if (taskRun) return <Status kind="done" label={t('revision.applied')} boxed={boxed} />;
  return <Status kind="skipped" label={t('revision.marked')} boxed={boxed} />;
}
