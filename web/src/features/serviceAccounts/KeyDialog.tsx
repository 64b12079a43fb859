import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceAccount } from '@/api/types';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { CopyBlock } from '@/ui/CopyBlock';
import { Dialog } from '@/ui/Dialog';
import { Notice } from '@/ui/States';

/** The one time that a key shows. It closes by its button alone, so that nobody loses the key by a stray click. */
export function KeyDialog({ account, onClose }: { account: ServiceAccount; onClose: () => void }) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  const [tried, setTried] = useState(false);
  return (
    <Dialog
      open
      title={t('serviceAccount.keyOf', { name: account.title })}
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
        <Notice tone="warning" title={t('serviceAccount.keyOnce')}>
          <p>{t('serviceAccount.keyUse', { email: account.email })}</p>
        </Notice>
        <CopyBlock wrap text={account.serviceKey ?? ''} label={t('serviceAccount.key')} />
        <Checkbox
          label={t('serviceAccount.kept')}
          checked={kept}
          onChange={(event) => setKept(event.target.checked)}
        />
        {tried && !kept && (
          <p role="alert" className="text-small text-danger">
            {t('serviceAccount.keepFirst')}
          </p>
        )}
      </div>
    </Dialog>
  );
}
