import { Dialog } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { returnFocus } from '@/lib/focus';
import { SideNav } from './SideNav';

interface Props {
  project: string | undefined;
  onClose: () => void;
}

/** The side menu over the page, where there is no room beside it. */
export default function NavDrawer({ project, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Dialog.Content
          onCloseAutoFocus={returnFocus}
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-40 w-64 animate-slide overflow-y-auto border-r border-line bg-surface pt-3"
        >
          <Dialog.Title className="sr-only">{t('nav.menu')}</Dialog.Title>
          <SideNav project={project} onNavigate={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
