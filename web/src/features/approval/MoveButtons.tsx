import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/Button';

interface Props {
  /** What is moved: "rule 2", "step 1". */
  name: string;
  at: number;
  count: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** Up, down and away, for an item of an ordered list. */
export function MoveButtons({ name, at, count, onMove, onRemove }: Props) {
  const { t } = useTranslation();
  const [first, last] = [at === 0, at === count - 1];
  return (
    <span className="flex shrink-0">
      <IconButton
        size="sm"
        label={t('environment.up', { name })}
        aria-disabled={first}
        onClick={() => !first && onMove(at - 1)}
      >
        <ArrowUp aria-hidden="true" className={first ? 'opacity-30' : ''} />
      </IconButton>
      <IconButton
        size="sm"
        label={t('environment.down', { name })}
        aria-disabled={last}
        onClick={() => !last && onMove(at + 1)}
      >
        <ArrowDown aria-hidden="true" className={last ? 'opacity-30' : ''} />
      </IconButton>
      <IconButton size="sm" label={t('environment.remove', { name })} onClick={onRemove}>
        <Trash2 aria-hidden="true" />
      </IconButton>
    </span>
  );
}
