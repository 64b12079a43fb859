import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { databaseId, instanceId } from '@/lib/names';
import { IconButton } from '@/ui/Button';

interface Props {
  label: string;
  names: readonly string[];
  onChange: (names: string[]) => void;
}

/** Chosen databases, each of which can be taken away again. */
export function DatabaseChips({ label, names, onChange }: Props) {
  const { t } = useTranslation();
  if (names.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {names.map((name) => (
        <li
          key={name}
          className="inline-flex h-7 max-w-full items-center gap-1 rounded-full border border-line-strong/60 bg-surface pr-0.5 pl-2.5 text-small"
        >
          <span className="truncate">
            {databaseId(name) || name} <span className="text-muted">{instanceId(name)}</span>
          </span>
          <IconButton
            size="sm"
            className="size-6! rounded-full!"
            label={t('plan.removeTarget', { name: databaseId(name) || name })}
            onClick={() => onChange(names.filter((other) => other !== name))}
          >
            <X aria-hidden="true" className="size-3.5!" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
