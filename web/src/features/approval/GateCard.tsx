import { useTranslation } from 'react-i18next';
import type { ApprovalGate, ApprovalStep } from '@/api/types';
import { Markdown } from '@/components/Markdown';
import { PersonName } from '@/components/PersonName';
import { useRoles } from '@/features/roles/useRoles';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { Status } from '@/ui/Status';
import { GateWhy } from './GateWhy';
import { gateKind, shortRole, stepKind } from './gates';
import { StageNames, useStageWords } from './StageNames';

interface Props {
  gate: ApprovalGate;
  /** Opens the dialog for this gate; absent when the reader has nothing to decide here. */
  onReview?: (() => void) | undefined;
}

/** What stands before some stages: who must approve, who did, who can, and why they. */
export function GateCard({ gate, onReview }: Props) {
  const { t } = useTranslation();
  const words = useStageWords()(gate);
  const { titleOf } = useRoles();
  const { steps = [], refusal, status } = gate;
  const kind = gateKind(gate);
  const label =
    status === 'SKIPPED'
      ? t('approval.nobody')
      : status === 'PENDING' && gate.pendingRole
        ? t('approval.waitingFor', { roles: shortRole(titleOf(gate.pendingRole)) })
        : undefined;
  return (
    <li
      aria-label={words}
      className="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-raised px-3 py-2.5"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0">
          <StageNames gate={gate} />
        </h3>
        <Status kind={kind} {...(label ? { label } : {})} live />
        {onReview && (
          <Button
            size="sm"
            className="ml-auto"
            aria-label={t('approval.review.gate', { stages: words })}
            onClick={onReview}
          >
            {t('approval.review.short')}
          </Button>
        )}
      </div>
      {steps.length > 0 && (
        <ol aria-label={t('approval.stepsOf', { stages: words })} className="flex flex-col gap-1.5">
          {steps.map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is where it stands
            <StepRow key={at} step={step} kind={stepKind(gate, at)} gate={gate} />
          ))}
        </ol>
      )}
      {status === 'PENDING' && refusal?.message && (
        <p className="text-small text-muted first-letter:uppercase">
          {refusal.reason === 'NOT_HOLDER' && gate.pendingRole
            ? t('approval.notHolder', { role: titleOf(gate.pendingRole) })
            : refusal.message}
        </p>
      )}
      <GateWhy why={gate.why} />
    </li>
  );
}

interface StepProps {
  step: ApprovalStep;
  kind: ReturnType<typeof stepKind>;
  gate: ApprovalGate;
}

function StepRow({ step, kind, gate }: StepProps) {
  const { t } = useTranslation();
  const { titleOf } = useRoles();
  return (
    <li className="flex min-w-0 flex-col gap-0.5 text-small">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <Status kind={kind} label={titleOf(step.role)} />
        <span className="sr-only">{t(`status.${kind}`)}</span>
        {step.principal ? (
          <span className="text-muted">
            <PersonName name={step.principal} /> <RelativeTime value={step.time} />
          </span>
        ) : (
          kind === 'waiting' && <Holders gate={gate} />
        )}
      </span>
      {step.comment && (
        <div className="ml-5 border-l border-line pl-2 text-muted">
          <Markdown text={step.comment} />
        </div>
      )}
    </li>
  );
}

/** Who can decide the step whose turn it is. */
function Holders({ gate: { holders = [], holderCount = 0 } }: { gate: ApprovalGate }) {
  const { t } = useTranslation();
  if (holderCount === 0) return <span className="font-medium text-danger">{t('approval.noHolder')}</span>;
  const more = holderCount - holders.length;
  return (
    <span className="text-muted [overflow-wrap:anywhere]">
      {t('approval.canApprove')}{' '}
      {holders.map((name, at) => (
        <span key={name}>
          {at > 0 && ', '}
          <PersonName name={name} />
        </span>
      ))}
      {more > 0 && ` ${t('approval.moreHolders', { count: more })}`}
    </span>
  );
}
