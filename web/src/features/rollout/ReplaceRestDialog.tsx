import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { Task, TaskRun } from '@/api/types';
import { type EditorHandle, SqlEditor } from '@/features/editor/SqlEditor';
import { NewerDraftNotice } from '@/features/plans/NewerDraftNotice';
import { useDraft } from '@/features/plans/useDraft';
import { useGo } from '@/hooks/useGo';
import { databaseId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { toBase64 } from '@/lib/text';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { ErrorPanel, Notice, Skeleton } from '@/ui/States';
import { type Cut, cutScript } from './rest';
import { StatementBar } from './StatementBar';
import { useStatement } from './useStatement';

interface Props {
  task: Task;
  run: TaskRun;
  onClose: () => void;
}

/** Other SQL in place of what a failed run did not apply: a plan of its own, and the task is settled. */
export function ReplaceRestDialog({ task, run, onClose }: Props) {
  const { t } = useTranslation();
  const statement = useStatement(task);
  const log = useRpc('RolloutService/GetTaskRunLog', { parent: run.name });
  const ready = statement !== undefined && (log.data !== undefined || log.error !== null);
  if (ready) {
    const cut = cutScript(statement.text, run, log.data?.entries ?? []);
    return <Form task={task} run={run} cut={cut} engine={statement.engine} onClose={onClose} />;
  }
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title={t('rollout.rest.title', { name: databaseId(task.target) })}
      footer={null}
    >
      <Skeleton rows={6} />
    </Confirm>
  );
}

interface FormProps extends Props {
  cut: Cut | undefined;
  engine: string | undefined;
}

function Form({ task, run, cut, engine, onClose }: FormProps) {
  const { t } = useTranslation();
  const go = useGo();
  const name = databaseId(task.target);
  const at = run.checkpoint ?? {};
  const start = cut?.rest ?? '';
  const draft = useDraft<string>(`rest:${run.name}`, start, (text) => text === start);
  const [tried, setTried] = useState(false);
  const editor = useRef<EditorHandle>(null);
  const replace = useCall('ExecutionService/ReplaceRest', { touches: ['RolloutService', 'PlanService'] });
  const text = draft.value;
  const submit = () => {
    setTried(true);
    if (!text?.trim()) {
      editor.current?.focus();
      return;
    }
    replace.mutate(
      { name: task.name, statement: toBase64(text) },
      {
        onSuccess: async ({ plan }) => {
          await draft.forget();
          onClose();
          await go(paths.plan(plan ?? ''));
        },
      },
    );
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title={t('rollout.rest.title', { name })}
      footer={
        <Button tone="primary" busy={replace.isPending} onClick={submit}>
          {t('rollout.rest.create')}
        </Button>
      }
    >
      <StatementBar run={run} />
      {cut?.applied && (
        <div className="flex flex-col gap-1">
          <p className="text-small font-medium">{t('rollout.rest.applied')}</p>
          <SqlEditor
            label={t('rollout.rest.applied')}
            value={cut.applied}
            engine={engine}
            readOnly
            minHeight="0"
            maxHeight="9rem"
          />
        </div>
      )}
      {Number(at.chunks ?? 0) > 0 && (
        <Notice tone="warning">
          {t('rollout.rest.chunks', { statement: (at.applied ?? 0) + 1, key: at.chunkKey ?? '' })}
        </Notice>
      )}
      <div className="flex flex-col gap-1">
        <p className="text-small font-medium">{t('rollout.rest.sql')}</p>
        <NewerDraftNotice newer={draft.newer} />
        {text === undefined ? (
          <Skeleton rows={4} />
        ) : (
          <SqlEditor
            label={t('rollout.rest.sql')}
            value={text}
            onChange={draft.setValue}
            engine={engine}
            minHeight="9rem"
            maxHeight="18rem"
            handle={editor}
          />
        )}
        {tried && !text?.trim() ? (
          <p role="alert" className="text-small text-danger">
            {t('rollout.rest.needed')}
          </p>
        ) : (
          <p className="text-caption text-muted">
            {t(cut ? 'rollout.rest.sqlHint' : 'rollout.rest.sqlHintEmpty')}
          </p>
        )}
      </div>
      <Notice title={t('rollout.rest.what')}>
        <ul className="mt-1 list-disc pl-4">
          <li>{t('rollout.rest.plan', { name })}</li>
          <li>{t('rollout.rest.settled')}</li>
          <li>{t('rollout.rest.later')}</li>
        </ul>
      </Notice>
      {replace.error && <ErrorPanel error={replace.error} doing={t('rollout.rest.button')} />}
    </Confirm>
  );
}
