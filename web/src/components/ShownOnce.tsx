import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { CopyBlock } from '@/ui/CopyBlock';
import { Dialog } from '@/ui/Dialog';
import { Notice } from '@/ui/States';

interface Props {
  title: string;
  /** "The key shows only now". */
  notice: string;
  /** What it is for. */
  use: ReactNode;
  secret: string;
  /** What the secret is called. */
  label: string;
  /** "I have kept the key". */
  kept: string;
  onClose: () => void;
}

/** The one time that a secret shows. It closes by its button alone, so that nobody loses the secret by a stray click. */
export function ShownOnce({ title, notice, use, secret, label, kept: keptLabel, onClose }: Props) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  const [tried, setTried] = useState(false);
  return (
    <Dialog
      open
      title={title}
      footer={
        <Button
          tone="primary"
          onClick={() => {
            setTried(true);
            if (kept) onClose();
          }}
        >
          {t('action.close')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Notice tone="warning" title={notice}>
          {use}
        </Notice>
        <CopyBlock wrap text={secret} label={label} />
        <Checkbox label={keptLabel} checked={kept} onChange={(event) => setKept(event.target.checked)} />
        {tried && !kept && (
          <p role="alert" className="text-small text-danger">
            {t('form.keepFirst')}
          </p>
        )}
      </div>
    </Dialog>
  );
}
