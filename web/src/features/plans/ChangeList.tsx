import { ArrowDown, ArrowUp, CircleX, Ellipsis, Pencil, Plus, Trash2, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '@/features/checks/findings';
import { cn } from '@/lib/cn';
import { Button, IconButton } from '@/ui/Button';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { Count } from '@/ui/Tabs';
import { toast } from '@/ui/toast';
import type { ChangesProps } from './ChangesEditor';
import { labelOf } from './changeName';
import { type Change, moveChange, newChange } from './changes';
import { RenameDialog } from './RenameDialog';

/** Several changes, in the order in which they run. */
export function ChangeList({ changes, onChange, readOnly, findingsIn, current, onCurrent }: ChangesProps) {
  const { t } = useTranslation();
  const [renaming, setRenaming] = useState<Change>();
  const move = (place: number, by: -1 | 1) => {
    onChange(moveChange(changes, place, by));
    // The change that shows stays the same one.
    if (place === current) onCurrent(current + by);
    else if (place + by === current) onCurrent(current - by);
  };
  const remove = (place: number) => {
    onChange(changes.filter((_, i) => i !== place));
    onCurrent(Math.max(0, current > place || current === changes.length - 1 ? current - 1 : current));
    toast({
      text: t('plan.changeRemoved', { number: place + 1 }),
      action: { label: t('action.undo'), run: () => onChange(changes) },
    });
  };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <ol aria-label={t('plan.changes')} className="flex flex-col gap-1">
        {changes.map((change, place) => (
          <li key={change.id} className="flex items-center gap-0.5">
            <button
              type="button"
              aria-current={place === current ? 'true' : undefined}
              onClick={() => onCurrent(place)}
              className={cn(
                'flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-button px-2 py-1 text-left',
                place === current ? 'bg-hover font-medium' : 'text-muted hover:bg-hover',
              )}
            >
              <span className="text-caption tabular-nums">{place + 1}</span>
              <span className="line-clamp-2 min-w-0 flex-1 [overflow-wrap:anywhere]">
                {labelOf(change) || t('plan.changeNumber', { number: place + 1 })}
              </span>
              <Level findings={findingsIn?.(change.id)} />
              <Count>{change.targets.length}</Count>
            </button>
            {!readOnly && (
              <Menu
                trigger={
                  <IconButton size="sm" label={t('plan.moreOfChange', { number: place + 1 })}>
                    <Ellipsis aria-hidden="true" />
                  </IconButton>
                }
              >
                {!change.file && (
                  <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => setRenaming(change)}>
                    {t('plan.rename')}
                  </MenuItem>
                )}
                {place > 0 && (
                  <MenuItem icon={<ArrowUp aria-hidden="true" />} onSelect={() => move(place, -1)}>
                    {t('plan.moveUp')}
                  </MenuItem>
                )}
                {place < changes.length - 1 && (
                  <MenuItem icon={<ArrowDown aria-hidden="true" />} onSelect={() => move(place, 1)}>
                    {t('plan.moveDown')}
                  </MenuItem>
                )}
                <MenuSeparator />
                <MenuItem danger icon={<Trash2 aria-hidden="true" />} onSelect={() => remove(place)}>
                  {t('plan.removeChange')}
                </MenuItem>
              </Menu>
            )}
          </li>
        ))}
      </ol>
      {!readOnly && (
        <Button
          size="sm"
          tone="ghost"
          className="justify-start"
          onClick={() => {
            onChange([...changes, newChange(changes[current]?.targets)]);
            onCurrent(changes.length);
          }}
        >
          <Plus aria-hidden="true" />
          {t('plan.addChange')}
        </Button>
      )}
      {renaming && (
        <RenameDialog
          change={renaming}
          onClose={(statement) => {
            setRenaming(undefined);
            if (statement === undefined) return;
            onChange(changes.map((c) => (c.id === renaming.id ? { ...c, statement } : c)));
          }}
        />
      )}
    </div>
  );
}

/** The worst that was found in a change. */
function Level({ findings = [] }: { findings: readonly Finding[] | undefined }) {
  const { t } = useTranslation();
  if (findings.length === 0) return null;
  const failed = findings.some(({ level }) => level === 'ERROR');
  const Icon = failed ? CircleX : TriangleAlert;
  return (
    <>
      <Icon aria-hidden="true" className={cn('size-3.5 shrink-0', failed ? 'text-danger' : 'text-warning')} />
      <span className="sr-only">{t(`checks.level.${failed ? 'ERROR' : 'WARNING'}`)}</span>
    </>
  );
}
