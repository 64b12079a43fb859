import { useTranslation } from 'react-i18next';
import type { Repository } from '@/api/types';
import { Status } from '@/ui/Status';
import { lookOf } from './syncs';

export function RepositoryState({ repository, boxed }: { repository: Repository; boxed?: boolean }) {
  const { t } = useTranslation();
  const { kind, word } = lookOf(repository);
  return <Status kind={kind} label={t(`repository.state.${word}`)} boxed={boxed} />;
}
