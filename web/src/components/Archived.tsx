import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { Button } from '@/ui/Button';
import { ErrorPanel, Notice } from '@/ui/States';

interface Props {
  call: { isPending: boolean; error: ApiError | null };
  onRestore: () => void;
  /** What it means here; that nothing runs, without. */
  text?: string;
}

/** Above the page of something that was archived: it can come back. */
export function Archived({ call, onRestore, text }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Notice
        tone="warning"
        title={t('archived.title')}
        actions={
          <Button size="sm" busy={call.isPending} onClick={onRestore}>
            {t('archived.restore')}
          </Button>
        }
      >
        <p>{text ?? t('archived.text')}</p>
      </Notice>
      {call.error && <ErrorPanel error={call.error} doing={t('archived.restore')} />}
    </>
  );
}
