import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ApprovalGate, Issue, Plan } from '@/api/types';
import { ApprovalAction, useHasWord } from '@/features/approval/ApprovalAction';
import { isSentBack, someOpen } from '@/features/approval/gates';
import { environmentTitle, useEnvironment } from '@/features/environments/environments';
import { useVisibleProject } from '@/features/projects/useProject';
import { RunDialog } from '@/features/rollout/RunDialog';
import { nextStep, type Step } from '@/features/rollout/steps';
import type { RolloutData } from '@/features/rollout/useRollout';
import { projectOf } from '@/lib/names';
import { Button } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { Status } from '@/ui/Status';
import { Blockers } from './Blockers';
import type { PlanEdit } from './usePlanEdit';
import type { PlanLabelsData } from './usePlanLabels';
import type { usePlanStatus } from './usePlanStatus';

interface Props {
  plan: Plan;
  edit: PlanEdit;
  rollout: RolloutData;
  status: ReturnType<typeof usePlanStatus>;
  start: { mutate: (request: { parent: string | undefined }) => void; isPending: boolean };
  labels: PlanLabelsData;
  /** Asks for labels. */
  onLabels: () => void;
  /** The review, once loaded. */
  issue: Issue | undefined;
  onReview: (gates: readonly ApprovalGate[]) => void;
}

/** Blockers that a decision of the review clears. */
const APPROVAL = 'APPROVAL';
/** Where nobody can start a rollout yet, or only a part of it may run. */
const UNDECIDED: ReadonlySet<Plan['approvalStatus']> = new Set(['PENDING', 'REJECTED', 'CHECKING']);

/** The one next step of a plan, or a pill that says what it waits for. */
export function PrimaryAction(props: Props) {
  const { plan, edit, rollout, status, start, labels, onLabels, issue, onReview } = props;
  const { t } = useTranslation();
  const hasWord = useHasWord(issue);
  const project = useVisibleProject(projectOf(plan.name)).data;
  if (status.closed) {
    return (
      <Button tone="primary" busy={status.busy} onClick={status.reopen}>
        {t('plan.reopen')}
      </Button>
    );
  }
  // What nobody has to approve runs without; whoever wants may review it all the same.
  const required = project ? Boolean(project.requireIssueApproval) : true;
  if (issue && hasWord && required) return <ApprovalAction issue={issue} onReview={onReview} />;
  const aside = issue && hasWord && <ApprovalAction issue={issue} onReview={onReview} tone="secondary" />;
  if (plan.hasRollout) {
    if (issue && required && isHeld(rollout)) return <ApprovalAction issue={issue} onReview={onReview} />;
    return (
      <>
        {aside}
        <RolloutAction rollout={rollout} />
      </>
    );
  }
  if (!plan.issue) return <SubmitForReview plan={plan} edit={edit} labels={labels} onLabels={onLabels} />;
  const undecided = required && UNDECIDED.has(plan.approvalStatus);
  return (
    <>
      {aside}
      {undecided &&
        (issue ? (
          <ApprovalAction issue={issue} onReview={onReview} />
        ) : (
          <Status kind="waiting" label={t('plan.waiting')} boxed />
        ))}
      {(!undecided || (someOpen(issue) && !isSentBack(issue))) && (
        <Button
          tone={undecided ? 'secondary' : 'primary'}
          busy={start.isPending}
          onClick={() => start.mutate({ parent: plan.name })}
        >
          {t('plan.startRollout')}
        </Button>
      )}
    </>
  );
}

/** The next step waits for the review. */
function isHeld({ stages }: RolloutData): boolean {
  const tasks = nextStep(stages)?.tasks ?? [];
  return tasks.some(({ blockers = [] }) => blockers.some(({ reason }) => reason === APPROVAL));
}

function SubmitForReview({
  plan,
  edit,
  labels,
  onLabels,
}: Pick<Props, 'plan' | 'edit' | 'labels' | 'onLabels'>) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const submit = useCall('IssueService/CreateIssue', {
    touches: ['PlanService', 'IssueService', 'RolloutService'],
  });
  const send = async () => {
    if (labels.missing) {
      setAsking(true);
      return;
    }
    if (!(await edit.save())) return;
    submit.mutate({
      parent: projectOf(plan.name),
      issue: {
        title: plan.title,
        description: plan.description,
        type: 'DATABASE_CHANGE',
        plan: plan.name,
        labels: labels.value,
      },
    });
  };
  return (
    <div className="flex flex-col items-end gap-2">
      <Blockers
        open={asking}
        onOpenChange={setAsking}
        title={t('plan.beforeSubmit')}
        blockers={labels.missing ? ['labels'] : []}
        onGo={() => {
          setAsking(false);
          onLabels();
        }}
      >
        <Button tone="primary" busy={submit.isPending || edit.saving} onClick={send}>
          {t('plan.submit')}
        </Button>
      </Blockers>
      {submit.error && <ErrorPanel error={submit.error} doing={t('plan.submit')} />}
    </div>
  );
}

function RolloutAction({ rollout }: { rollout: RolloutData }) {
  const { t } = useTranslation();
  // The step as it was when the question was asked: the rollout may move on while the dialog is open.
  const [asked, setAsked] = useState<Step | null>(null);
  const step = nextStep(rollout.stages);
  return (
    <>
      {step && (step.kind === 'run' || step.kind === 'failed') ? (
        <StepButton step={step} onClick={() => setAsked(step)} />
      ) : step?.kind === 'running' ? (
        <Status kind="running" label={t('rollout.runningCount', { count: step.tasks.length })} boxed />
      ) : step ? (
        <Status kind="scheduled" boxed />
      ) : (
        rollout.stages.length > 0 && <Status kind="done" boxed />
      )}
      {asked && (
        <RunDialog
          stage={asked.stage}
          tasks={asked.tasks}
          runsOf={rollout.runsOf}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function StepButton({ step, onClick }: { step: Step; onClick: () => void }) {
  const { t } = useTranslation();
  const title = environmentTitle(useEnvironment(step.stage.environment), step.stage.environment);
  return (
    <Button tone="primary" onClick={onClick}>
      {step.kind === 'failed' ? t('rollout.retryStage') : t('rollout.runStage', { stage: title })}
    </Button>
  );
}
