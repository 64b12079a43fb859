import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';

interface Props {
  /** Which part of the page, when it has several. */
  title?: string;
  busy: boolean;
  /** Without it the bar's button submits the form around it. */
  onSave?: () => void;
  onDiscard: () => void;
}

/** Unsaved changes, at the foot of a form until they are saved or dropped. */
export function DirtyBar({ title, busy, onSave, onDiscard }: Props) {
  const { t } = useTranslation();
  return (
    <section
      aria-label={title ? t('form.unsavedIn', { title }) : t('form.unsaved')}
      className="sticky bottom-3 z-10 flex flex-wrap items-center gap-2 rounded-card border border-accent/60 bg-raised px-3 py-2 shadow-overlay"
    >
      <span className="flex-1 font-medium">{title ? t('form.unsavedIn', { title }) : t('form.unsaved')}</span>
      <Button tone="ghost" onClick={onDiscard}>
        {t('form.discard')}
      </Button>
      <Button type={onSave ? 'button' : 'submit'} tone="primary" busy={busy} onClick={onSave}>
        {t('action.save')}
      </Button>
    </section>
  );
}
