import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { Notice } from '@/ui/States';
import type { NewerDraft } from './useDraft';

/** The choice between what was typed here and what was typed in another browser. */
export function NewerDraftNotice({ newer }: { newer: NewerDraft | undefined }) {
  const { t } = useTranslation();
  if (!newer) return null;
  return (
    <Notice
      tone="warning"
      title={t('draft.newer')}
      role="alert"
      actions={
        <>
          <Button size="sm" onClick={newer.take}>
            {t('draft.take')}
          </Button>
          <Button size="sm" onClick={newer.keep}>
            {t('draft.keep')}
          </Button>
        </>
      }
    >
      <RelativeTime value={newer.at} /> · {t('draft.newerText')}
    </Notice>
  );
}
