import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { KeptBox, useKept } from '@/components/Kept';
import { saveText } from '@/lib/download';
import { Button } from '@/ui/Button';
import { CopyBlock } from '@/ui/CopyBlock';
import { Notice } from '@/ui/States';

/** The one time that recovery codes show. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const kept = useKept(onDone);
  const text = codes.join('\n');
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="warning" title={t('secondFactor.codesOnce')}>
        <p>{t('secondFactor.codesText')}</p>
      </Notice>
      <CopyBlock text={text} label={t('secondFactor.codes')} />
      <Button
        className="self-start"
        onClick={() => saveText('basalt-recovery-codes.txt', `${t('secondFactor.codesFile')}\n\n${text}\n`)}
      >
        <Download aria-hidden="true" />
        {t('action.download')}
      </Button>
      <KeptBox state={kept} label={t('secondFactor.kept')} />
      <Button tone="primary" className="self-end" onClick={kept.leave}>
        {t('secondFactor.done')}
      </Button>
    </div>
  );
}
