import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { Section } from '@/components/Page';
import { gatesOf } from '@/features/approval/gates';
import { ReviewRegion } from '@/features/approval/ReviewRegion';
import { useIssue } from '@/features/approval/useIssue';
import { useReviewDialog } from '@/features/approval/useReviewDialog';
import { ChecksRegion } from '@/features/checks/ChecksRegion';
import type { Finding } from '@/features/checks/findings';
import { withFixes } from '@/features/checks/live';
import { useCheckRun } from '@/features/checks/useCheckRun';
import type { EditorHandle } from '@/features/editor/SqlEditor';
import { EmergencyNotices } from '@/features/emergency/EmergencyNotices';
import { RolloutRegion } from '@/features/rollout/RolloutRegion';
import { useRollout } from '@/features/rollout/useRollout';
import { usePlanThreads } from '@/features/threads/usePlanThreads';
import { useSearchState } from '@/hooks/useSearch';
import { projectOf } from '@/lib/names';
import { Button } from '@/ui/Button';
import { ErrorPanel, Notice, Skeleton } from '@/ui/States';
import { ActivityRegion } from './ActivityRegion';
import { ChangesEditor } from './ChangesEditor';
import { ConflictDialog, ConflictNotice } from './ConflictDialog';
import { isSame, mended } from './changes';
import { HotfixNotice } from './HotfixNotice';
import { NewerDraftNotice } from './NewerDraftNotice';
import { OtherSpecs } from './OtherSpecs';
import { PlanHeader } from './PlanHeader';
import { PlanRail } from './PlanRail';
import { type SectionKey, SectionNav } from './SectionNav';
import { canEditPlan } from './state';
import { useLineLink } from './useLineLink';
import { usePlanEdit } from './usePlanEdit';
import { usePlanLabels } from './usePlanLabels';

/** The whole of a change on one page: SQL, checks, review, rollout with its log, and what happened. */
export function PlanView({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const name = plan.name ?? '';
  const project = projectOf(name);
  const edit = usePlanEdit(plan);
  const checks = useCheckRun(plan);
  const rollout = useRollout(plan);
  const issue = useIssue(plan.issue);
  const { review, dialog } = useReviewDialog(issue.data);
  const editor = useRef<EditorHandle>(null);
  const [current, setCurrent] = useState(0);
  const [live, setLive] = useState<readonly Finding[]>([]);
  const findings = useMemo(() => withFixes(checks.findings, live), [checks.findings, live]);
  const editable = canEditPlan(plan);
  const labels = usePlanLabels(plan);
  const [labelling, setLabelling] = useState(false);
  const [linked, link] = useLineLink();
  const { place: linkedPlace } = linked ?? {};
  // A link opens its change; the next choice is the reader's.
  useEffect(() => {
    if (linkedPlace !== undefined) setCurrent(linkedPlace);
  }, [linkedPlace]);
  const goToLine = useCallback(
    (change: string, line: number) => {
      const place = edit.text?.changes.findIndex((c) => c.id === change) ?? -1;
      if (place >= 0 && place !== current) setCurrent(place);
      // After the chosen change's editor has been mounted.
      requestAnimationFrame(() => requestAnimationFrame(() => editor.current?.goToMark(line)));
    },
    [edit.text, current],
  );
  const threads = usePlanThreads(plan, {
    editable,
    isSaved: (change) => isSame(change, edit.saved),
    onGoToLine: goToLine,
  });
  const mend = (finding: Finding) => {
    const changes = edit.text?.changes ?? [];
    const change = changes.find(({ id }) => id === finding.change);
    const statement = change && mended(change, finding);
    if (statement === undefined) return;
    edit.patch({ changes: changes.map((c) => (c === change ? { ...c, statement } : c)) });
  };
  useScrollToTab(
    edit.text !== undefined &&
      (!plan.hasRollout || rollout.query.data !== undefined) &&
      (!plan.issue || issue.data !== undefined),
  );
  return (
    <div className="mx-auto flex w-full max-w-360 flex-col px-4 pb-10 sm:px-6">
      <PlanHeader
        plan={plan}
        edit={edit}
        rollout={rollout}
        errors={checks.findings.filter(({ level }) => level === 'ERROR').length}
        labels={labels}
        onLabels={() => setLabelling(true)}
        issue={issue.data}
        onReview={review}
      />
      <SectionNav
        plan={plan}
        findings={checks.findingCount}
        gates={gatesOf(issue.data).length}
        rollout={rollout}
      />
      <div className="flex flex-col gap-x-6 gap-y-4 pt-4 xl:flex-row-reverse xl:items-start">
        <PlanRail
          plan={plan}
          rollout={rollout}
          labels={labels}
          labelling={labelling}
          onLabelling={setLabelling}
        />
        <div className="flex min-w-0 flex-1 flex-col gap-8">
          <EmergencyNotices plan={plan} />
          <HotfixNotice plan={plan} rollout={rollout} />
          <ConflictNotice edit={edit} />
          <NewerDraftNotice newer={edit.newer} />
          <Section
            id={sectionId('changes')}
            title={t('plan.section.changes')}
            actions={
              edit.dirty && (
                <>
                  <span className="self-center text-small text-muted">{t('form.unsaved')}</span>
                  <Button tone="ghost" onClick={edit.reload}>
                    {t('form.discard')}
                  </Button>
                  <Button tone="primary" busy={edit.saving} onClick={edit.save}>
                    {t('action.save')}
                  </Button>
                </>
              )
            }
          >
            {edit.error && <ErrorPanel error={edit.error} doing={t('action.save')} />}
            {edit.problem && (
              <Notice tone="danger" role="alert">
                {t(`plan.blockerText.${edit.problem}`)}
              </Notice>
            )}
            {!editable && <p className="text-small text-muted">{t('plan.locked')}</p>}
            <OtherSpecs plan={plan} />
            {edit.text ? (
              <ChangesEditor
                project={project}
                changes={edit.text.changes}
                onChange={(changes) => edit.patch({ changes })}
                onSave={edit.save}
                readOnly={!editable}
                findingsIn={checks.findingsIn}
                isChecked={(change) => isSame(change, edit.saved)}
                onLive={setLive}
                handle={editor}
                current={current}
                onCurrent={setCurrent}
                threads={threads}
                line={linked?.place === current ? linked.line : undefined}
                onLine={(line) => link({ place: current, line })}
              />
            ) : (
              <Skeleton rows={editable ? 9 : 4} />
            )}
          </Section>
          <ChecksRegion
            id={sectionId('checks')}
            plan={plan}
            checks={checks}
            findings={findings}
            onGoToLine={goToLine}
            onFix={editable ? mend : undefined}
          />
          <ReviewRegion id={sectionId('review')} query={plan.issue ? issue : undefined} onReview={review} />
          <RolloutRegion id={sectionId('rollout')} plan={plan} rollout={rollout} />
          <ActivityRegion id={sectionId('activity')} plan={plan} />
        </div>
      </div>
      <ConflictDialog edit={edit} />
      {dialog}
    </div>
  );
}

export const sectionId = (key: SectionKey) => `plan-${key}`;

/** `?tab=rollout` shows that part of the page, once it has its size. */
function useScrollToTab(ready: boolean): void {
  const [search] = useSearchState();
  const tab = search.tab;
  useEffect(() => {
    if (ready && tab) document.getElementById(`plan-${tab}`)?.scrollIntoView({ block: 'start' });
  }, [ready, tab]);
}
