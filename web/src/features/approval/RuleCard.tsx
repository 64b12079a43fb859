import { ChevronRight, GripVertical } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConditionProblem } from '@/features/condition/fields';
import { useRoles } from '@/features/roles/useRoles';
import { cn } from '@/lib/cn';
import { Status } from '@/ui/Status';
import type { RuleDraft, RuleProblem } from './flows';
import { MoveButtons } from './MoveButtons';
import { RuleForm } from './RuleForm';
import type { useDragOrder } from './useDragOrder';

interface Props {
  rule: RuleDraft;
  /** In the whole setting, from 1: what reasons name. */
  number: number;
  at: number;
  count: number;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChange: (rule: RuleDraft) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
  /** The rule that takes everything before this one is asked. */
  hiddenBy: { title: string; number: number } | undefined;
  problems: readonly RuleProblem[];
  refused: ConditionProblem | undefined;
  drag: ReturnType<typeof useDragOrder>;
}

/** One rule: what it is about and who approves; opened, it is edited in its place. */
export function RuleCard(props: Props) {
  const { rule, number, at, count, open, onOpen, onMove, onRemove, hiddenBy, problems, refused, drag } =
    props;
  const { t } = useTranslation();
  const id = useId();
  const title = rule.title || t('approval.untitled');
  return (
    <li
      aria-label={title}
      {...drag.place(at)}
      className={cn(
        'rounded-card border bg-raised',
        problems.length > 0 || refused ? 'border-danger' : 'border-line',
        drag.over === at && 'ring-2 ring-accent',
      )}
    >
      <div className="flex flex-wrap items-start gap-2 px-3 py-2.5">
        <span {...drag.handle(at)} className="flex h-7 cursor-grab items-center gap-1 text-muted">
          <GripVertical className="size-4" aria-hidden="true" />
          <span className="w-5 text-center text-small tabular-nums">{number}</span>
        </span>
        <div className="min-w-0 flex-1 basis-60">
          <h4 className="flex min-h-7 items-center">
            <button
              type="button"
              aria-expanded={open}
              aria-controls={id}
              onClick={() => onOpen(!open)}
              className="-ml-1 inline-flex items-center gap-1 rounded-input px-1 text-left font-medium [overflow-wrap:anywhere] hover:bg-hover"
            >
              <ChevronRight
                aria-hidden="true"
                className={cn('size-4 shrink-0 text-muted transition-transform', open && 'rotate-90')}
              />
              {title}
            </button>
          </h4>
          {!open && <Summary rule={rule} />}
          {hiddenBy && (
            <Status
              kind="warning"
              className="mt-1 whitespace-normal!"
              label={t('approval.unreachable', hiddenBy)}
            />
          )}
        </div>
        <MoveButtons name={title} at={at} count={count} onMove={onMove} onRemove={onRemove} />
      </div>
      <div id={id}>
        {open && <RuleForm rule={rule} onChange={props.onChange} problems={problems} refused={refused} />}
      </div>
    </li>
  );
}

function Summary({ rule }: { rule: RuleDraft }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-0.5 pl-5 text-small">
      {rule.description && <p className="text-muted">{rule.description}</p>}
      {rule.condition.trim() === 'true' ? (
        <p className="text-muted">{t('approval.matchesAll')}</p>
      ) : (
        <code className="line-clamp-3 font-mono text-caption text-muted [overflow-wrap:anywhere]">
          {rule.condition || t('condition.none')}
        </code>
      )}
      <RoleChain roles={rule.roles} />
    </div>
  );
}

/** "Project owner, then DBA". */
export function RoleChain({ roles }: { roles: readonly string[] }) {
  const { t } = useTranslation();
  const { titleOf } = useRoles();
  if (roles.length === 0) return <span className="font-medium">{t('approval.nobody')}</span>;
  return (
    <span className="font-medium">
      {roles.map((role) => titleOf(role) || t('access.chooseRole')).join(t('approval.then'))}
    </span>
  );
}
