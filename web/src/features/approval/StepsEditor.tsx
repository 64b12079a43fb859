import { GripVertical, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { move } from '@/features/environments/order';
import { useRoles } from '@/features/roles/useRoles';
import { cn } from '@/lib/cn';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { MoveButtons } from './MoveButtons';
import { useDragOrder } from './useDragOrder';

interface Props {
  roles: readonly string[];
  onChange: (roles: string[]) => void;
  /** Each step needs a role by now. */
  tried: boolean;
}

/** Who approves, one after the other. Nobody is a choice too. */
export function StepsEditor({ roles, onChange, tried }: Props) {
  const { t } = useTranslation();
  const all = useRoles();
  const options = all.roles.map(({ name = '', title }) => ({ value: name, label: title || name }));
  const drag = useDragOrder((from, to) => onChange(move(roles, from, to)));
  return (
    <fieldset className="flex min-w-0 flex-col items-start gap-2">
      <legend className="mb-1 text-small font-medium">{t('approval.steps')}</legend>
      {roles.length === 0 ? (
        <p className="text-small text-muted">{t('approval.noSteps')}</p>
      ) : (
        <ol className="flex w-full flex-col gap-1.5">
          {roles.map((role, at) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is where it stands
              key={at}
              {...drag.place(at)}
              className={cn('flex items-start gap-2 rounded-input', drag.over === at && 'ring-2 ring-accent')}
            >
              <span {...drag.handle(at)} className="flex h-8 cursor-grab items-center gap-1 text-muted">
                <GripVertical className="size-4" aria-hidden="true" />
                <span className="w-4 text-center text-small tabular-nums">{at + 1}</span>
              </span>
              <Select
                className="max-w-80 flex-1 [&>span]:sr-only"
                label={t('approval.step', { number: at + 1 })}
                value={role}
                placeholder={t('access.chooseRole')}
                onChange={(next) => onChange(roles.map((old, i) => (i === at ? next : old)))}
                options={
                  options.some(({ value }) => value === role) || !role
                    ? options
                    : [...options, { value: role, label: all.titleOf(role) }]
                }
                error={tried && !role ? t('access.chooseRole') : undefined}
              />
              <MoveButtons
                name={t('approval.step', { number: at + 1 })}
                at={at}
                count={roles.length}
                onMove={(to) => onChange(move(roles, at, to))}
                onRemove={() => onChange(roles.filter((_, i) => i !== at))}
              />
            </li>
          ))}
        </ol>
      )}
      <Button size="sm" onClick={() => onChange([...roles, ''])}>
        <Plus aria-hidden="true" />
        {t('approval.addStep')}
      </Button>
    </fieldset>
  );
}
