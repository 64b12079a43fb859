import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/Button';

interface Props {
  /** "Selected databases". */
  label: string;
  count: number;
  onClear: () => void;
  children: ReactNode;
}

/** Above a table while rows are chosen: how many, and what can be done with them. */
export function SelectionBar({ label, count, onClear, children }: Props) {
  const { t } = useTranslation();
  return (
    <div
      role="toolbar"
      aria-label={label}
      className="flex flex-wrap items-center gap-1.5 rounded-card border border-accent/50 tint-accent px-2.5 py-1.5"
    >
      <span className="mr-1 font-medium">{t('list.selectedCount', { count })}</span>
      {children}
      <IconButton size="sm" label={t('list.clearSelection')} className="ml-auto" onClick={onClear}>
        <X aria-hidden="true" />
      </IconButton>
    </div>
  );
}
