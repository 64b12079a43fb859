import { X } from 'lucide-react';
import { AlertDialog as Alert, Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { returnFocus } from '@/lib/focus';
import { buttonClass } from './Button';

const OVERLAY = 'fixed inset-0 z-40 animate-fade bg-overlay';
const PANEL = cn(
  'fixed top-[8dvh] left-1/2 z-40 flex max-h-[84dvh] w-[calc(100vw-1.5rem)] -translate-x-1/2 animate-fade flex-col',
  'rounded-dialog border border-line bg-raised shadow-overlay outline-none',
);
const WIDTH = { sm: 'max-w-110', md: 'max-w-150', lg: 'max-w-220' };

interface Props {
  open: boolean;
  /** Without it the dialog cannot be dismissed: its own buttons are the only ways out. */
  onOpenChange?: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  width?: keyof typeof WIDTH;
  footer?: ReactNode;
  children: ReactNode;
}

/** A modal task. Esc and the cross close it; focus returns to what opened it. */
export function Dialog({ open, onOpenChange, title, description, width = 'md', footer, children }: Props) {
  const { t } = useTranslation();
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={OVERLAY} />
        <Primitive.Content
          onCloseAutoFocus={returnFocus}
          className={cn(PANEL, WIDTH[width])}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
            <div className="min-w-0">
              <Primitive.Title className="text-h3">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="mt-0.5 text-body text-muted">
                  {description}
                </Primitive.Description>
              )}
            </div>
            {onOpenChange && (
              <Primitive.Close
                aria-label={t('action.close')}
                className="-mr-1.5 grid size-7 shrink-0 place-items-center rounded-button text-muted hover:bg-hover hover:text-text"
              >
                <X className="size-4" aria-hidden="true" />
              </Primitive.Close>
            )}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">{children}</div>
          {footer && (
            <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </div>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  footer: ReactNode;
  /** A coloured edge: production, or something that cannot be taken back. */
  loud?: boolean;
  width?: keyof typeof WIDTH;
}

/** A question before something that matters. The first focus is on Cancel. */
export function Confirm(props: ConfirmProps) {
  const { open, onOpenChange, title, children, footer, loud, width = 'sm' } = props;
  const { t } = useTranslation();
  return (
    <Alert.Root open={open} onOpenChange={onOpenChange}>
      <Alert.Portal>
        <Alert.Overlay className={OVERLAY} />
        <Alert.Content
          onCloseAutoFocus={returnFocus}
          aria-describedby={undefined}
          className={cn(PANEL, WIDTH[width], loud && 'border-t-4 border-t-danger')}
        >
          <Alert.Title className="px-5 pt-4 pb-2 text-h3">{title}</Alert.Title>
          <div className="flex min-h-0 flex-col gap-3 overflow-y-auto px-5 pb-4">{children}</div>
          <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
            <Alert.Cancel className={buttonClass('secondary')}>{t('action.cancel')}</Alert.Cancel>
            {footer}
          </div>
        </Alert.Content>
      </Alert.Portal>
    </Alert.Root>
  );
}
