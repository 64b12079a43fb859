import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { CopyBlock } from '@/ui/CopyBlock';
import { Dialog } from '@/ui/Dialog';
import { Notice } from '@/ui/States';
import { KeptBox, useKept } from './Kept';

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
export function ShownOnce({ title, notice, use, secret, label, kept, onClose }: Props) {
  const { t } = useTranslation();
  const state = useKept(onClose);
  return (
    <Dialog
      open
      title={title}
      footer={
        <Button tone="primary" onClick={state.leave}>
          {t('action.close')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Notice tone="warning" title={notice}>
          {use}
        </Notice>
        <CopyBlock wrap text={secret} label={label} />
        <KeptBox state={state} label={kept} />
      </div>
    </Dialog>
  );
}
