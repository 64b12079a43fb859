import { useTranslation } from 'react-i18next';
import { Dialog } from '@/ui/Dialog';

/** What the shell listens for, in the order of the help dialog. */
export const SHORTCUTS = [
  { id: 'search', keys: ['Ctrl', 'K'] },
  { id: 'help', keys: ['?'] },
  { id: 'home', keys: ['g', 'h'] },
  { id: 'projects', keys: ['g', 'p'] },
  { id: 'instances', keys: ['g', 'i'] },
  { id: 'databases', keys: ['g', 'd'] },
  { id: 'save', keys: ['Ctrl', 'S'] },
  { id: 'close', keys: ['Esc'] },
] as const;

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function ShortcutsDialog({ open, onOpenChange }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('shortcuts.title')} width="sm">
      <dl className="grid grid-cols-[1fr_auto] gap-y-2">
        {SHORTCUTS.map(({ id, keys }) => (
          <div key={id} className="contents">
            <dt>{t(`shortcuts.${id}`)}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-input border border-line-strong/60 bg-surface px-1.5 text-center font-sans text-caption"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
