import { Tag } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toHex } from '@/features/environments/environments';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import type { PlanLabelsData } from './usePlanLabels';

interface Props {
  labels: PlanLabelsData;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The labels that others find the plan by. A project without labels shows none, and no button. */
export function PlanLabels({ labels, open, onOpenChange }: Props) {
  const { t } = useTranslation();
  const { known, value } = labels;
  if (known.length === 0) return null;
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <ul aria-label={t('plan.labels')} className="contents">
        {known
          .filter((label) => value.includes(label.value ?? ''))
          .map((label) => (
            <li
              key={label.value}
              className="inline-flex h-5 max-w-48 items-center gap-1.5 rounded-full border border-line bg-surface px-2 text-caption"
            >
              <Dot color={toHex(label.color)} />
              <span className="truncate">{label.value}</span>
            </li>
          ))}
      </ul>
      <IconButton size="sm" label={t('plan.editLabels')} onClick={() => onOpenChange(true)}>
        <Tag aria-hidden="true" />
      </IconButton>
      {open && <LabelsDialog labels={labels} onClose={() => onOpenChange(false)} />}
    </span>
  );
}

function LabelsDialog({ labels, onClose }: { labels: PlanLabelsData; onClose: () => void }) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<readonly string[]>(labels.value);
  const toggle = (label: string, on: boolean) =>
    setPicked(on ? [...picked, label] : picked.filter((other) => other !== label));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('plan.labels')}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            tone="primary"
            onClick={() => {
              labels.set([...picked]);
              onClose();
            }}
          >
            {t('plan.useLabels')}
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-2">
        {labels.known.map(({ value = '', color }) => (
          <li key={value} className="flex items-center gap-2">
            <Checkbox
              label={value}
              checked={picked.includes(value)}
              onChange={(event) => toggle(value, event.target.checked)}
            />
            <Dot color={toHex(color)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const Dot = ({ color }: { color: string | undefined }) => (
  <span
    aria-hidden="true"
    className="size-2 shrink-0 rounded-full"
    style={{ background: color ?? 'var(--muted)' }}
  />
);
