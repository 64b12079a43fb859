import { Copy, CopyPlus, Ellipsis, Flame, Pencil, PlayCircle, RotateCcw, Siren, XCircle } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { useCall } from '@/api/query';
import type { ApprovalGate, Issue, Plan } from '@/api/types';
import { PageHeading } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { useProjectAccess } from '@/features/access/access';
import type { RolloutData } from '@/features/rollout/useRollout';
import { LiveChip } from '@/features/shell/LiveChip';
import { useGo } from '@/hooks/useGo';
import { writeDraft } from '@/lib/drafts';
import { newId } from '@/lib/id';
import { planId, projectId, projectOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { Button, IconButton } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel } from '@/ui/States';
import { Status } from '@/ui/Status';
import { toast } from '@/ui/toast';
import { newPlanDraftKey } from './drafts';
import { isHotfix } from './hotfix';
import { PrimaryAction } from './PrimaryAction';
import { RolloutRefused } from './RolloutBlocked';
import { canEditPlan, planState } from './state';
import type { PlanEdit } from './usePlanEdit';
import type { PlanLabelsData } from './usePlanLabels';
import { usePlanStateWords } from './usePlanStateWords';
import { usePlanStatus } from './usePlanStatus';

const EmergencyDialog = lazy(() => import('@/features/emergency/EmergencyDialog'));
const HotfixDialog = lazy(() => import('./HotfixDialog'));

interface Props {
  plan: Plan;
  edit: PlanEdit;
  rollout: RolloutData;
  /** Errors that the checks found. */
  errors: number;
  labels: PlanLabelsData;
  onLabels: () => void;
  /** The review of it, once loaded. */
  issue: Issue | undefined;
  onReview: (gates: readonly ApprovalGate[]) => void;
}

/** Title, state and the one next step; stays in view while the page scrolls. */
export function PlanHeader(props: Props) {
  const { plan, edit, rollout, errors, labels, onLabels, issue, onReview } = props;
  const { t } = useTranslation();
  const [renaming, setRenaming] = useState(false);
  const stateOf = usePlanStateWords();
  const status = usePlanStatus(plan);
  const start = useCall('RolloutService/CreateRollout', {
    touches: ['PlanService', 'RolloutService', 'IssueService'],
  });
  const failure = status.error ?? labels.error;
  // A plan that changed meanwhile is another question.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the etag says that it changed
  useEffect(() => start.reset(), [plan.etag, start.reset]);
  return (
    <header className="sticky top-12 z-20 -mx-4 flex flex-col gap-2 bg-bg px-4 pt-4 pb-2 sm:-mx-6 sm:px-6">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          {renaming ? (
            <TitleForm title={plan.title ?? ''} onSave={edit.saveTitle} onClose={() => setRenaming(false)} />
          ) : (
            <div className="flex items-center gap-1">
              <PageHeading
                title={plan.title || t('plan.untitled')}
                context={projectId(plan.name)}
                className="line-clamp-2 text-h2"
              />
              {!status.closed && (
                <IconButton size="sm" label={t('plan.editTitle')} onClick={() => setRenaming(true)}>
                  <Pencil aria-hidden="true" />
                </IconButton>
              )}
            </div>
          )}
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-muted">
            <Status kind={planState(plan)} label={stateOf(plan)} boxed />
            {plan.issue && !plan.hasRollout && errors > 0 && (
              <Status kind="failed" label={t('plan.checksFail')} boxed />
            )}
            <span>#{planId(plan.name)}</span>
            <span>
              {t('plan.by')} <PersonName name={plan.creator} />
            </span>
            <RelativeTime value={plan.updateTime ?? plan.createTime} />
            <LiveChip />
          </div>
        </div>
        <div className="flex items-center gap-2">
          <PrimaryAction
            plan={plan}
            edit={edit}
            rollout={rollout}
            status={status}
            start={start}
            labels={labels}
            onLabels={onLabels}
            issue={issue}
            onReview={onReview}
          />
          <Overflow
            plan={plan}
            edit={edit}
            status={status}
            rollout={rollout}
            onStart={() => start.mutate({ parent: plan.name })}
          />
        </div>
      </div>
      {failure && <ErrorPanel error={failure} />}
      {start.error && (
        <RolloutRefused
          project={projectOf(plan.name)}
          error={start.error}
          busy={start.isPending}
          onBypass={(reason) => start.mutate({ parent: plan.name, ignoreReview: true, reason })}
        />
      )}
    </header>
  );
}

interface TitleFormProps {
  title: string;
  onSave: (title: string) => Promise<void>;
  onClose: () => void;
}

function TitleForm({ title, onSave, onClose }: TitleFormProps) {
  const { t } = useTranslation();
  const [value, setValue] = useState(title);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (!value.trim()) {
      setError(t('plan.blockerText.title'));
      return;
    }
    setBusy(true);
    try {
      await onSave(value.trim());
      onClose();
    } catch (failure) {
      setError((failure as ApiError).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <TextField
        className="flex-1"
        label={t('plan.title')}
        autoFocus
        value={value}
        onChange={(event) => setValue(event.target.value)}
        error={error || undefined}
      />
      <Button type="submit" tone="primary" busy={busy}>
        {t('plan.saveTitle')}
      </Button>
      <Button onClick={onClose}>{t('action.cancel')}</Button>
    </form>
  );
}

interface OverflowProps {
  plan: Plan;
  edit: PlanEdit;
  status: ReturnType<typeof usePlanStatus>;
  rollout: RolloutData;
  onStart: () => void;
}

function Overflow({ plan, edit, status, rollout, onStart }: OverflowProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'emergency' | 'hotfix' | null>(null);
  const go = useGo();
  const project = projectOf(plan.name);
  const { data: access } = useProjectAccess(project);
  // What is not submitted, closed or done cannot be run at all.
  const runnable = !status.closed && (plan.issue || plan.hasRollout) && planState(plan) !== 'done';
  const duplicate = async () => {
    if (!edit.text) return;
    const databases = edit.text.changes[0]?.targets ?? [];
    const copy = { ...edit.text, changes: edit.text.changes.map((change) => ({ ...change, id: newId() })) };
    await writeDraft(newPlanDraftKey(project, databases.join(',')), copy);
    await go(paths.newPlan(project, databases));
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton tone="secondary" label={t('action.more')}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem
          icon={<Copy aria-hidden="true" />}
          onSelect={() =>
            navigator.clipboard
              .writeText(window.location.origin + paths.plan(plan.name ?? ''))
              .then(() => toast({ text: t('state.copied') }))
          }
        >
          {t('plan.copyLink')}
        </MenuItem>
        <MenuItem icon={<CopyPlus aria-hidden="true" />} onSelect={duplicate}>
          {t('plan.duplicate')}
        </MenuItem>
        {!plan.issue && !plan.hasRollout && !status.closed && (
          <MenuItem icon={<PlayCircle aria-hidden="true" />} onSelect={onStart}>
            {t('plan.rolloutWithoutReview')}
          </MenuItem>
        )}
        {canEditPlan(plan) && !isHotfix(plan) && access?.may('bb.plans.hotfix') && (
          <MenuItem icon={<Flame aria-hidden="true" />} onSelect={() => setOpen('hotfix')}>
            {t('plan.hotfix.menu')}
          </MenuItem>
        )}
        {runnable && access?.may('bb.emergencies.create') && (
          <MenuItem danger icon={<Siren aria-hidden="true" />} onSelect={() => setOpen('emergency')}>
            {t('emergency.menu')}
          </MenuItem>
        )}
        <MenuSeparator />
        {status.closed ? (
          <MenuItem icon={<RotateCcw aria-hidden="true" />} onSelect={status.reopen}>
            {t('plan.reopen')}
          </MenuItem>
        ) : (
          <MenuItem icon={<XCircle aria-hidden="true" />} onSelect={status.close} danger>
            {t('plan.close')}
          </MenuItem>
        )}
      </Menu>
      <Suspense>
        {open === 'emergency' && (
          <EmergencyDialog plan={plan} rollout={rollout} onClose={() => setOpen(null)} />
        )}
        {open === 'hotfix' && <HotfixDialog plan={plan} onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}
