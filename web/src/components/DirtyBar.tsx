import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';

interface Props {
  busy: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** Unsaved changes, at the foot of a form until they are saved or dropped. */
export function DirtyBar({ busy, onSave, onDiscard }: Props) {
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('form.unsaved')}
      className="sticky bottom-3 z-10 flex flex-wrap items-center gap-2 rounded-card border border-accent/60 bg-raised px-3 py-2 shadow-overlay"
    >
      <span className="flex-1 font-medium">{t('form.unsaved')}</span>
      <Button tone="ghost" onClick={onDiscard}>
        {t('form.discard')}
      </Button>
      <Button tone="primary" busy={busy} onClick={onSave}>
        {t('action.save')}
      </Button>
    </section>
  );
}
