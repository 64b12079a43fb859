import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDatabase } from '@/features/databases/useDatabase';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { databaseId, instanceId } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Tooltip } from '@/ui/Tooltip';
import { TargetsDialog } from './TargetsDialog';

/** More chips than this are counted, not shown. */
const SHOWN = 24;

interface Props {
  project: string;
  targets: string[];
  onChange: (targets: string[]) => void;
  readOnly?: boolean | undefined;
}

/** The databases a change runs on, as chips with their environment. */
export function Targets({ project, targets, onChange, readOnly }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <span className="mr-1 text-small font-medium" id="targets-label">
        {t('plan.targets')}
      </span>
      <ul aria-labelledby="targets-label" className="contents">
        {targets.slice(0, SHOWN).map((target) => (
          <TargetChip
            key={target}
            target={target}
            onRemove={readOnly ? undefined : () => onChange(targets.filter((other) => other !== target))}
          />
        ))}
        {targets.length > SHOWN && (
          <li className="text-small text-muted">
            {t('plan.moreTargets', { count: targets.length - SHOWN })}
          </li>
        )}
      </ul>
      {!readOnly && (
        <Button size="sm" tone={targets.length === 0 ? 'secondary' : 'ghost'} onClick={() => setOpen(true)}>
          <Plus aria-hidden="true" />
          {t('plan.chooseTargets')}
        </Button>
      )}
      {open && (
        <TargetsDialog
          project={project}
          targets={targets}
          onClose={(next) => {
            setOpen(false);
            if (next) onChange(next);
          }}
        />
      )}
    </div>
  );
}

function TargetChip({ target, onRemove }: { target: string; onRemove: (() => void) | undefined }) {
  const { t } = useTranslation();
  const database = useDatabase(target);
  return (
    <li className="inline-flex h-7 max-w-full items-center gap-2 rounded-full border border-line-strong/60 bg-surface pr-1 pl-2.5 text-small">
      <EnvironmentBadge name={database?.effectiveEnvironment} />
      <Tooltip text={database?.instanceResource?.title || instanceId(target)}>
        <span className="truncate pr-1.5">{databaseId(target)}</span>
      </Tooltip>
      {onRemove && (
        <button
          type="button"
          aria-label={t('plan.removeTarget', { name: databaseId(target) })}
          onClick={onRemove}
          className="grid size-6 shrink-0 place-items-center rounded-full text-muted hover:bg-hover hover:text-text"
        >
          <X className="size-3.5" aria-hidden="true" />
        </button>
      )}
    </li>
  );
}
