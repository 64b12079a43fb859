import { ArrowDown, ArrowUp, GripVertical, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Environment } from '@/api/types';
import { IconButton } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { EnvironmentPolicies } from './EnvironmentPolicies';
import { fromHex, toHex } from './environments';
import { type EnvironmentProblem, retitle } from './order';

interface Props {
  item: Environment;
  place: number;
  count: number;
  problem: EnvironmentProblem | undefined;
  onChange: (item: Environment) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
  onDragStart: () => void;
  onDropHere: () => void;
}

export function EnvironmentRow({ item, place, count, problem, onChange, onMove, ...on }: Props) {
  const { t } = useTranslation();
  const title = item.title || t('environment.unnamed');
  return (
    <li
      onDragOver={(event) => event.preventDefault()}
      onDrop={on.onDropHere}
      className="flex flex-wrap items-start gap-3 rounded-card border border-line bg-raised px-3 py-2.5"
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a handle for the mouse; the buttons do the same */}
      <span
        draggable
        onDragStart={on.onDragStart}
        className="mt-6.5 flex cursor-grab items-center gap-1 text-muted"
      >
        <GripVertical className="size-4" aria-hidden="true" />
        <span className="w-4 text-center tabular-nums">{place + 1}</span>
      </span>
      <TextField
        className="min-w-40 flex-1"
        label={t('environment.name')}
        value={item.title ?? ''}
        onChange={(event) => onChange(retitle(item, event.target.value))}
        hint={item.id ? <span className="font-mono">{item.id}</span> : undefined}
        error={problem && t(`environment.problem.${problem}`)}
      />
      <label className="flex flex-col gap-1 text-small font-medium">
        {t('environment.color')}
        <input
          type="color"
          value={toHex(item.color) ?? '#868e99'}
          onChange={(event) => onChange({ ...item, color: fromHex(event.target.value) })}
          className="h-8 w-12 rounded-input border border-line-strong bg-bg p-0.5"
        />
      </label>
      <Checkbox
        className="sm:mt-7"
        label={t('environment.protected')}
        checked={item.protected ?? false}
        onChange={(event) => onChange({ ...item, protected: event.target.checked || undefined })}
      />
      <span className="ml-auto flex sm:mt-6">
        <IconButton
          label={t('environment.up', { name: title })}
          aria-disabled={place === 0}
          onClick={() => onMove(place - 1)}
        >
          <ArrowUp aria-hidden="true" className={place === 0 ? 'opacity-30' : ''} />
        </IconButton>
        <IconButton
          label={t('environment.down', { name: title })}
          aria-disabled={place === count - 1}
          onClick={() => onMove(place + 1)}
        >
          <ArrowDown aria-hidden="true" className={place === count - 1 ? 'opacity-30' : ''} />
        </IconButton>
        <IconButton label={t('environment.remove', { name: title })} onClick={on.onRemove}>
          <Trash2 aria-hidden="true" />
        </IconButton>
      </span>
      <EnvironmentPolicies item={item} onChange={onChange} />
    </li>
  );
}
