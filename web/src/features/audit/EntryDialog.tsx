import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditLog } from '@/api/types';
import { CopyBlock } from '@/ui/CopyBlock';
import { Dialog } from '@/ui/Dialog';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { methodOf, OUTCOME_KIND, outcomeOf, readable } from './entry';

/** All that is known of one call. */
export function EntryDialog({ entry, onClose }: { entry: AuditLog; onClose: () => void }) {
  const { t } = useTranslation();
  const outcome = outcomeOf(entry);
  const facts: [string, ReactNode][] = [
    [
      t('audit.outcome'),
      <Status key="outcome" kind={OUTCOME_KIND[outcome]} label={t(`audit.outcomes.${outcome}`)} />,
    ],
    [t('audit.reason'), entry.status?.message],
    [t('audit.who'), entry.user],
    [t('audit.what'), entry.resource],
    [t('audit.time'), <RelativeTime key="time" value={entry.createTime} />],
    [
      t('audit.took'),
      entry.latency &&
        t('audit.milliseconds', { count: Math.round(Number.parseFloat(entry.latency) * 1000) }),
    ],
    [t('audit.from'), entry.requestMetadata?.callerIp],
    [t('audit.program'), entry.requestMetadata?.callerSuppliedUserAgent],
    [t('audit.record'), entry.name],
  ];
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={methodOf(entry.method).method}
      description={entry.method}
      width="lg"
    >
      <dl className="grid gap-x-6 gap-y-2 pb-4 sm:grid-cols-[max-content_1fr]">
        {facts
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-muted">{label}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
      </dl>
      {entry.request ? (
        <CopyBlock label={t('audit.request')} text={readable(entry.request)} />
      ) : (
        <p className="text-muted">{t('audit.noRequest')}</p>
      )}
    </Dialog>
  );
}
