import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { codeOf } from '@/api/error';
import type { ApprovalGate, Issue } from '@/api/types';
import { commentDraftKey } from '@/features/plans/drafts';
import { NewerDraftNotice } from '@/features/plans/NewerDraftNotice';
import { useDraft } from '@/features/plans/useDraft';
import { useRoles } from '@/features/roles/useRoles';
import { Checkbox, RadioCards } from '@/ui/Choice';
import { TextAreaField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel, Notice } from '@/ui/States';
import { toast } from '@/ui/toast';
import { gatesForMe, shortRole } from './gates';
import { useStageWords } from './StageNames';
import { useDecide } from './useIssue';

type Decision = 'approve' | 'reject' | 'comment';

interface Props {
  issue: Issue;
  /** As they were when the dialog was opened: somebody may decide meanwhile, and the server tells then. */
  gates: readonly ApprovalGate[];
  onClose: () => void;
}

/** The step is decided: the gate waits for nobody any more. */
const NOT_PENDING = 'NOT_PENDING';

const keyOf = ({ environment = '' }: ApprovalGate) => environment;

/** Approving, sending back, or only saying something, with what it is about in view. Nothing runs by it. */
export function ReviewDialog({ issue, gates, onClose }: Props) {
  const { t } = useTranslation();
  const words = useStageWords();
  const { titleOf } = useRoles();
  const [decision, setDecision] = useState<Decision>();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const draft = useDraft<string>(`${commentDraftKey(issue.name ?? '')}:review`, '', (text) => text === '');
  const text = (draft.value ?? '').trim();
  const { approve, reject, comment } = useDecide();
  const [busy, setBusy] = useState(false);
  const chosen = gates.filter((gate) => !left.has(keyOf(gate)));
  // Decided already at this moment, by somebody else or in another window.
  const now = new Set(gatesForMe(issue).map(keyOf));
  const gone = !busy && gates.some((gate) => !now.has(keyOf(gate)));
  const error = approve.error ?? reject.error ?? comment.error;
  const conflict =
    gone || codeOf(error) === 'aborted' || error?.blockers.some(({ type }) => type === NOT_PENDING);
  const needsText = decision !== undefined && decision !== 'approve';
  const send = async () => {
    const common = { name: issue.name, comment: text, approvalRevision: issue.approvalRevision };
    if (decision === 'comment') {
      await comment.mutateAsync({ parent: issue.name, issueComment: { comment: text } });
      return;
    }
    const { mutateAsync } = decision === 'approve' ? approve : reject;
    for (const gate of chosen) await mutateAsync({ ...common, environment: keyOf(gate) });
  };
  const submit = async () => {
    setTried(true);
    if (!decision || (needsText && !text)) return;
    if (decision !== 'comment' && chosen.length === 0) return;
    setBusy(true);
    try {
      await send();
      await draft.forget();
      toast({ text: t(`approval.review.done.${decision}`) });
      onClose();
    } catch {
      // Shown from the calls' errors.
    } finally {
      setBusy(false);
    }
  };
  const nameOf = (gate: ApprovalGate) =>
    t('approval.review.asFor', { role: shortRole(titleOf(gate.pendingRole)), stages: words(gate) });
  return (
    <FormDialog
      title={t('approval.review.title')}
      description={t('approval.review.text')}
      submit={t('approval.review.submit')}
      busy={busy}
      onSubmit={submit}
      onClose={onClose}
    >
      {conflict && (
        <Notice tone="warning" role="alert" title={t('approval.review.conflict')}>
          {t('approval.review.conflictText')}
        </Notice>
      )}
      <div className="flex flex-col gap-1">
        <RadioCards
          legend={t('approval.review.decision')}
          className="sm:grid-cols-3"
          value={decision}
          onChange={setDecision}
          options={(['approve', 'reject', 'comment'] as const).map((value) => ({
            value,
            label: t(`approval.review.${value}`),
            description: t(`approval.review.${value}Text`),
          }))}
        />
        {tried && !decision && (
          <p role="alert" className="text-small text-danger">
            {t('approval.review.decide')}
          </p>
        )}
      </div>
      {decision !== 'comment' &&
        (gates.length > 1 ? (
          <fieldset className="flex flex-col gap-1.5">
            <legend className="mb-1 text-small font-medium">{t('approval.review.gates')}</legend>
            {gates.map((gate) => (
              <Checkbox
                key={keyOf(gate)}
                label={nameOf(gate)}
                checked={!left.has(keyOf(gate))}
                onChange={(event) => {
                  const next = new Set(left);
                  if (event.target.checked) next.delete(keyOf(gate));
                  else next.add(keyOf(gate));
                  setLeft(next);
                }}
              />
            ))}
            {tried && chosen.length === 0 && (
              <p role="alert" className="text-small text-danger">
                {t('approval.review.gateNeeded')}
              </p>
            )}
          </fieldset>
        ) : (
          gates[0] && <p className="text-muted">{nameOf(gates[0])}</p>
        ))}
      <NewerDraftNotice newer={draft.newer} />
      <TextAreaField
        rows={5}
        label={t('approval.review.words')}
        optional={!needsText}
        value={draft.value ?? ''}
        maxLength={65_536}
        onChange={(event) => draft.setValue(event.target.value)}
        hint={t('markdown.hint')}
        error={tried && needsText && !text ? t('approval.review.commentNeeded') : undefined}
      />
      {error && <ErrorPanel error={error} doing={t('approval.review.submit')} />}
    </FormDialog>
  );
}
