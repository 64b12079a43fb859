import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Breakable } from '@/ui/Breakable';
import { IconButton } from '@/ui/Button';

interface Props {
  title: string;
  onClose: () => void;
  actions?: ReactNode;
  children: ReactNode;
}

/** Something beside a list while one goes on with it; over it where there is no room. Not modal; Esc closes it. */
export function SidePanel({ title, onClose, actions, children }: Props) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another title is another thing that was opened
  useEffect(() => {
    const active = document.activeElement;
    if (!active?.closest('aside')) opener.current = active;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  useEffect(
    () => () => {
      if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
    },
    [],
  );
  return (
    <aside
      aria-label={title}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}
      className="fixed inset-y-0 right-0 z-30 flex w-full max-w-160 flex-col border-l border-line bg-raised shadow-overlay xl:sticky xl:inset-y-auto xl:top-16 xl:z-0 xl:max-h-[calc(100dvh-5rem)] xl:rounded-card xl:border xl:shadow-none"
    >
      <div className="flex items-center gap-2 border-b border-line px-4 py-2">
        <h2 ref={heading} tabIndex={-1} className="min-w-0 flex-1 text-lead [overflow-wrap:anywhere]">
          <Breakable text={title} />
        </h2>
        {actions}
        <IconButton label={t('action.close')} size="sm" onClick={onClose}>
          <X aria-hidden="true" />
        </IconButton>
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 py-4 *:shrink-0">
        {children}
      </div>
    </aside>
  );
}
