import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { ErrorPanel } from '@/ui/States';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What happens, and what cannot be taken back. */
  children: ReactNode;
  /** The word on the button. */
  doing: string;
  /** What must be typed. */
  word: string;
  busy: boolean;
  error: ApiError | null;
  onConfirm: () => void;
}

/** A question whose answer is typed: for what nobody should do by a slip. */
export function TypedConfirm(props: Props) {
  const { open, onOpenChange, title, children, doing, word, busy, error, onConfirm } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      loud
      title={title}
      footer={
        <Button
          tone="danger"
          busy={busy}
          onClick={() => {
            setTried(true);
            if (typed === word) onConfirm();
          }}
        >
          {doing}
        </Button>
      }
    >
      {children}
      <TextField
        label={t('form.typeToConfirm', { word })}
        mono
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        error={tried && typed !== word ? t('form.typeToConfirmWrong') : undefined}
      />
      {error && <ErrorPanel error={error} doing={doing} />}
    </Confirm>
  );
}
