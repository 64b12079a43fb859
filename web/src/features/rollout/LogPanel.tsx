import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogEntry, Task, TaskRun } from '@/api/types';
import { type EditorHandle, SqlEditor } from '@/features/editor/SqlEditor';
import { useSearchState } from '@/hooks/useSearch';
import { useStored } from '@/hooks/useStored';
import { taskRunId } from '@/lib/names';
import { ErrorPanel, Skeleton } from '@/ui/States';
import { Failure } from './Failure';
import { Findings, hasStop } from './Findings';
import { LogToolbar } from './LogToolbar';
import { LogView } from './LogView';
import { failureMark } from './logLines';
import { isOver } from './progress';
import { Elapsed, RunPlace, TakenOver, useRunNow, Waiting } from './RunState';
import { Sessions } from './Sessions';
import { StatementBar } from './StatementBar';
import { useLogLines } from './useLogLines';
import { useLogWords } from './useLogWords';
import { attemptOf } from './useRollout';
import { useStatement } from './useStatement';
import { type LogState, useTaskLog } from './useTaskLog';

interface Props {
  task: Task;
  /** The newest first. */
  runs: readonly TaskRun[];
  onClose?: () => void;
}

/** A run's log beside its SQL, under what is known about the run. */
export function LogPanel({ task, runs, onClose }: Props) {
  const { t } = useTranslation();
  const [search] = useSearchState();
  const [text, setText] = useState('');
  const [wrap, setWrap] = useStored('log.wrap', true);
  const run = useRunNow(runs.find((r) => taskRunId(r.name) === search.run) ?? runs[0]);
  const log = useTaskLog(run?.name);
  const words = useLogWords();
  const lines = useLogLines(log.entries, words);
  const failed = run?.status === 'FAILED';
  const marks = useMemo(() => (failed ? failureMark(log.entries) : []), [log.entries, failed]);
  const wanted = text.trim().toLowerCase();
  const shown = useMemo(
    () => (wanted ? lines.filter((line) => line.text.toLowerCase().includes(wanted)) : lines),
    [lines, wanted],
  );
  const statement = useStatement(task);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const setEditor = useGoToLine();
  return (
    <section
      ref={panel}
      aria-label={t('log.title')}
      className="scroll-mt-44 rounded-card border border-line bg-raised"
    >
      <LogToolbar
        task={task}
        runs={runs}
        run={run}
        state={log.state}
        lines={lines}
        found={wanted ? shown.length : undefined}
        text={text}
        onText={setText}
        wrap={wrap}
        onWrap={() => setWrap(!wrap)}
        onClose={onClose}
      />
      {run && <RunFacts task={task} run={run} entries={log.entries} alone={onClose === undefined} />}
      <div className="grid lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="min-w-0 border-line max-lg:border-b lg:border-r">
          {log.error && <ErrorPanel error={log.error} doing={t('log.title')} />}
          <Body state={log.state} empty={lines.length === 0} hasRun={run !== undefined}>
            {wanted && shown.length === 0 ? (
              <p className="px-3 py-8 text-center text-muted">{t('state.noMatch')}</p>
            ) : (
              <LogView lines={shown} live={log.state === 'live'} wrap={wrap} wanted={wanted} />
            )}
          </Body>
        </div>
        <div className="min-w-0 p-2">
          {statement === undefined ? (
            <Skeleton rows={4} />
          ) : (
            <SqlEditor
              label={t('log.statement')}
              value={statement.text}
              engine={statement.engine}
              readOnly
              marks={marks}
              minHeight="6rem"
              maxHeight="26rem"
              handle={setEditor}
            />
          )}
        </div>
      </div>
    </section>
  );
}

/** `?line=3` puts the cursor into the SQL there, once, when the editor is ready. */
function useGoToLine(): (editor: EditorHandle | null) => void {
  const [search, setSearch] = useSearchState();
  const [editor, setEditor] = useState<EditorHandle | null>(null);
  const line = Number(search.line ?? 0);
  useEffect(() => {
    if (!editor || !line) return;
    editor.goToLine(line);
    setSearch({ line: undefined });
  }, [editor, line, setSearch]);
  return setEditor;
}

interface FactsProps {
  task: Task;
  run: TaskRun;
  entries: readonly LogEntry[];
  /** No row above tells why it failed. */
  alone: boolean;
}

/** How far the run is, what was found before it, and who is in its way. */
function RunFacts({ task, run, entries, alone }: FactsProps) {
  const { t } = useTranslation();
  const running = run.status === 'RUNNING';
  const failed = run.status === 'FAILED';
  return (
    <div className="flex flex-col gap-2 border-b border-line px-3 py-2">
      <p className="flex flex-wrap items-center gap-x-3 text-small text-muted">
        <span>{t('rollout.attempt', { number: attemptOf(run) })}</span>
        <Elapsed run={run} />
        {running && <RunPlace run={run} entries={entries} />}
        {isOver(run) && !failed && run.detail && (
          <span className="min-w-0 [overflow-wrap:anywhere]">{run.detail}</span>
        )}
      </p>
      {failed && alone ? (
        <Failure task={task} run={run} />
      ) : (
        <StatementBar run={run} entries={entries} className="max-w-160" />
      )}
      <Waiting task={task} run={run} />
      <TakenOver run={run} />
      {!(failed && alone && hasStop(run)) && <Findings run={run} />}
      <Sessions run={run} />
    </div>
  );
}

interface BodyProps {
  state: LogState;
  empty: boolean;
  hasRun: boolean;
  children: ReactNode;
}

function Body({ state, empty, hasRun, children }: BodyProps) {
  const { t } = useTranslation();
  if (!hasRun) return <p className="px-3 py-8 text-center text-muted">{t('log.noRun')}</p>;
  if (empty && state === 'loading') return <Skeleton rows={4} className="p-3" />;
  if (empty) return <p className="px-3 py-8 text-center text-muted">{t('log.empty')}</p>;
  return children;
}
