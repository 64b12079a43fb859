import { useTranslation } from 'react-i18next';
import { Dialog } from '@/ui/Dialog';
import { Keys } from '@/ui/Keys';
import { SHORTCUTS } from './shortcuts';

/** "Keyboard shortcuts". */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('shortcuts.title')} width="sm">
      <dl className="grid grid-cols-[1fr_auto] gap-y-2">
        {SHORTCUTS.map(({ id, keys }) => (
          <div key={id} className="contents">
            <dt>{t(`shortcuts.${id}`)}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
