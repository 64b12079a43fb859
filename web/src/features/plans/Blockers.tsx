import { X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanBlocker } from './changes';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  blockers: readonly PlanBlocker[];
  /** Leads to the place where the blocker is mended. */
  onGo: (blocker: PlanBlocker) => void;
  /** The button that is blocked. */
  children: ReactNode;
}

/**
 * What stands in the way, beside the button that was pressed. It does not lock the page: the list grows
 * shorter while its points are mended, and goes away with the last.
 */
export function Blockers({ open, onOpenChange, title, blockers, onGo, children }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const returnFocus = useRef(true);
  useEffect(() => {
    if (open && blockers.length === 0) {
      returnFocus.current = false; // Somebody is typing elsewhere.
      onOpenChange(false);
    }
  }, [open, blockers.length, onOpenChange]);
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Anchor asChild>
        <span ref={anchor}>{children}</span>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={8}
          collisionPadding={12}
          aria-labelledby={id}
          onInteractOutside={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (returnFocus.current) anchor.current?.querySelector('button')?.focus();
            returnFocus.current = true;
          }}
          className="z-30 w-80 animate-fade rounded-dialog border border-line bg-raised p-4 shadow-overlay"
        >
          <div className="flex items-start justify-between gap-2">
            <h2 id={id} className="text-lead">
              {title}
            </h2>
            <Popover.Close
              aria-label={t('action.close')}
              className="-mt-0.5 grid size-7 place-items-center rounded-button text-muted hover:bg-hover"
            >
              <X className="size-4" aria-hidden="true" />
            </Popover.Close>
          </div>
          <ul className="mt-2 flex flex-col gap-1">
            {blockers.map((blocker) => (
              <li key={blocker}>
                <button
                  type="button"
                  className="w-full rounded-input px-2 py-1.5 text-left hover:bg-hover"
                  onClick={() => {
                    returnFocus.current = false;
                    onGo(blocker);
                  }}
                >
                  <span className="block font-medium text-accent">{t(`plan.blocker.${blocker}`)}</span>
                  <span className="block text-small text-muted">{t(`plan.blockerText.${blocker}`)}</span>
                </button>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
