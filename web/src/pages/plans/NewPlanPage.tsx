import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { useCall } from '@/api/query';
import { Page, Section } from '@/components/Page';
import type { EditorHandle } from '@/features/editor/SqlEditor';
import { Blockers } from '@/features/plans/Blockers';
import { ChangesEditor } from '@/features/plans/ChangesEditor';
import {
  hasSql,
  newChange,
  type PlanBlocker,
  type PlanText,
  planBlockers,
  toSpecs,
} from '@/features/plans/changes';
import { newPlanDraftKey } from '@/features/plans/drafts';
import { HotfixField } from '@/features/plans/HotfixField';
import { NewerDraftNotice } from '@/features/plans/NewerDraftNotice';
import { useDraft } from '@/features/plans/useDraft';
import { saveSheets } from '@/features/plans/usePlan';
import { useProject } from '@/features/projects/useProject';
import { useGo } from '@/hooks/useGo';
import { useSearchState } from '@/hooks/useSearch';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { ErrorPanel, Skeleton } from '@/ui/States';

const isEmpty = (text: PlanText) => !text.title && !text.description && !text.changes.some(hasSql);

export default function NewPlanPage() {
  const project = useProject();
  const [search] = useSearchState();
  const targets = search.databases ?? '';
  // Another choice of databases is another draft.
  return (
    <Form
      key={`${project.name} ${targets} ${search.from}`}
      project={project.name}
      title={project.title}
      targets={targets}
      from={search.from}
    />
  );
}

interface FormProps {
  project: string;
  title: string;
  targets: string;
  /** The draft that brought one here. */
  from: string | undefined;
}

function Form({ project, title, targets, from }: FormProps) {
  const { t } = useTranslation();
  const go = useGo();
  const initial = useMemo<PlanText>(
    () => ({ title: '', description: '', changes: [newChange(targets.split(',').filter(Boolean))] }),
    [targets],
  );
  const draft = useDraft(newPlanDraftKey(project, targets, from), initial, isEmpty);
  const [current, setCurrent] = useState(0);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const editor = useRef<EditorHandle>(null);
  const titleField = useRef<HTMLInputElement>(null);
  const hotfixField = useRef<HTMLInputElement>(null);
  const create = useCall('PlanService/CreatePlan', { touches: ['PlanService'] });
  const closeAsking = useCallback((open: boolean) => setAsking(open), []);
  const text = draft.value;
  const blockers = text ? planBlockers(text) : [];
  const patch = (next: Partial<PlanText>) => draft.setValue((old) => (old ? { ...old, ...next } : old));
  const submit = async () => {
    if (!text) return;
    if (blockers.length > 0) {
      setAsking(true);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const sheets = await saveSheets(project, text.changes);
      const plan = await create.mutateAsync({
        parent: project,
        plan: {
          title: text.title.trim(),
          description: text.description,
          specs: toSpecs(text, sheets),
          ...(text.hotfix ? { hotfix: { reason: text.hotfix.trim() } } : {}),
        },
      });
      await draft.forget();
      await go(paths.plan(plan.name ?? ''), { replace: true });
    } catch (failure) {
      setError(failure as ApiError);
    } finally {
      setBusy(false);
    }
  };
  const fix = (blocker: PlanBlocker) => {
    if (!text) return;
    if (blocker === 'title') {
      titleField.current?.focus();
      return;
    }
    if (blocker === 'hotfix') {
      hotfixField.current?.focus();
      return;
    }
    const place = text.changes.findIndex((c) => (blocker === 'sql' ? !hasSql(c) : c.targets.length === 0));
    setCurrent(Math.max(0, place));
    // After the chosen change's editor has been mounted.
    if (blocker === 'sql') requestAnimationFrame(() => requestAnimationFrame(() => editor.current?.focus()));
  };
  return (
    <Page
      title={t('plan.new')}
      context={title}
      actions={
        <Blockers
          open={asking}
          onOpenChange={closeAsking}
          title={t('plan.beforeCreate')}
          blockers={blockers}
          onGo={fix}
        >
          <Button tone="primary" busy={busy} onClick={submit}>
            {t('plan.create')}
          </Button>
        </Blockers>
      }
    >
      <NewerDraftNotice newer={draft.newer} />
      {error && <ErrorPanel error={error} doing={t('plan.create')} />}
      {text ? (
        <>
          <div className="grid gap-3 lg:grid-cols-2">
            <TextField
              ref={titleField}
              label={t('plan.title')}
              placeholder={t('plan.titlePlaceholder')}
              value={text.title}
              onChange={(event) => patch({ title: event.target.value })}
              error={error?.field('title')}
            />
            <TextField
              label={t('plan.description')}
              optional
              value={text.description}
              onChange={(event) => patch({ description: event.target.value })}
            />
          </div>
          <HotfixField
            field={hotfixField}
            project={project}
            value={text.hotfix}
            onChange={(hotfix) => patch({ hotfix })}
            error={error?.field('hotfix.reason')}
          />
          <Section title={t('plan.section.changes')}>
            <ChangesEditor
              project={project}
              changes={text.changes}
              onChange={(changes) => patch({ changes })}
              onSave={submit}
              handle={editor}
              current={current}
              onCurrent={setCurrent}
            />
          </Section>
          <p className="text-caption text-muted">{t('plan.draftKept')}</p>
        </>
      ) : (
        <Skeleton rows={8} />
      )}
    </Page>
  );
}
