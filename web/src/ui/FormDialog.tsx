import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { Form } from './Form';

interface Props {
  title: string;
  description?: ReactNode;
  width?: 'sm' | 'md' | 'lg';
  /** What the button says that sends the form. */
  submit: string;
  busy?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that is one form: Enter and the primary button send it, Cancel leaves. The fields say what is wrong, not the browser. */
export function FormDialog({ submit, busy = false, onSubmit, onClose, children, ...dialog }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      {...dialog}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" form={id} tone="primary" busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <Form id={id} className="flex flex-col gap-3" onSubmit={onSubmit}>
        {children}
      </Form>
    </Dialog>
  );
}
