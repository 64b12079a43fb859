import { ArrowDown, Copy, Download, Search, WrapText, X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Task, TaskRun } from '@/api/types';
import { SqlEditor } from '@/features/editor/SqlEditor';
import { useSearchState } from '@/hooks/useSearch';
import { useStored } from '@/hooks/useStored';
import { saveText } from '@/lib/download';
import { databaseId, taskId, taskRunId } from '@/lib/names';
import { Button, IconButton } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { ErrorPanel, Skeleton } from '@/ui/States';
import { Status } from '@/ui/Status';
import { toast } from '@/ui/toast';
import { LogLines } from './LogLines';
import { failureMark, type LogLine, logLines } from './logLines';
import { taskKind } from './TaskRow';
import { useLogWords } from './useLogWords';
import { attemptOf } from './useRollout';
import { useStatement } from './useStatement';
import { useTaskLog } from './useTaskLog';

interface Props {
  task: Task;
  /** The newest first. */
  runs: readonly TaskRun[];
  onClose?: () => void;
}

/** A run's log beside its SQL. Follows the end only while one is at the end. */
export function LogPanel({ task, runs, onClose }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const [text, setText] = useState('');
  const [wrap, setWrap] = useStored('log.wrap', true);
  const run = runs.find((r) => taskRunId(r.name) === search.run) ?? runs[0];
  const log = useTaskLog(run?.name);
  const words = useLogWords();
  const lines = useMemo(() => logLines(log.entries, words), [log.entries, words]);
  const marks = useMemo(() => failureMark(log.entries), [log.entries]);
  const wanted = text.trim().toLowerCase();
  const shown = wanted ? lines.filter((line) => line.text.toLowerCase().includes(wanted)) : lines;
  const whole = () => lines.map((line) => line.text).join('\n');
  const statement = useStatement(task);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section
      ref={panel}
      aria-label={t('log.title')}
      className="scroll-mt-44 rounded-card border border-line bg-raised"
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <h3 className="mr-1 truncate font-semibold">{databaseId(task.target)}</h3>
        <Status kind={taskKind(task)} />
        <LogStateChip state={log.state} />
        {runs.length > 1 && run && (
          <Select
            bare
            label={t('log.attempt')}
            value={run.name ?? ''}
            onChange={(name) => setSearch({ run: taskRunId(name) })}
            options={runs.map((r) => ({
              value: r.name ?? '',
              label: t('rollout.attempt', { number: attemptOf(r) }),
            }))}
            className="w-32!"
          />
        )}
        <div className="relative ml-auto w-44">
          <Search
            className="pointer-events-none absolute top-1.5 left-2 size-4 text-muted"
            aria-hidden="true"
          />
          <input
            type="search"
            aria-label={t('log.search')}
            placeholder={t('log.search')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="h-7 w-full rounded-input border border-line-strong bg-bg pr-2 pl-7 text-small"
          />
        </div>
        <IconButton size="sm" label={t('log.wrap')} aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
          <WrapText aria-hidden="true" />
        </IconButton>
        <IconButton
          size="sm"
          label={t('action.copy')}
          onClick={() =>
            navigator.clipboard.writeText(whole()).then(() => toast({ text: t('state.copied') }))
          }
        >
          <Copy aria-hidden="true" />
        </IconButton>
        <IconButton
          size="sm"
          label={t('action.download')}
          onClick={() => saveText(`task-${taskId(task.name)}-run-${taskRunId(run?.name)}.log`, whole())}
        >
          <Download aria-hidden="true" />
        </IconButton>
        {onClose && (
          <IconButton size="sm" label={t('log.close')} onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <div className="grid lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="min-w-0 border-line lg:border-r">
          {log.error && <ErrorPanel error={log.error} doing={t('log.title')} />}
          <Body state={log.state} empty={lines.length === 0} hasRun={run !== undefined}>
            <Follower lines={shown} live={log.state === 'live'} wrap={wrap} />
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
            />
          )}
        </div>
      </div>
    </section>
  );
}

function LogStateChip({ state }: { state: ReturnType<typeof useTaskLog>['state'] }) {
  const { t } = useTranslation();
  if (state === 'loading') return null;
  return (
    <span role="status" className="rounded-full border border-line px-2 text-caption leading-5 text-muted">
      {t(`log.state.${state}`)}
    </span>
  );
}

interface BodyProps {
  state: ReturnType<typeof useTaskLog>['state'];
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

/** Pixels from the end that still count as being there. */
const AT_END = 24;

function Follower({ lines, live, wrap }: { lines: readonly LogLine[]; live: boolean; wrap: boolean }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(() => !window.location.hash.startsWith('#L'));
  const [seen, setSeen] = useState(0);
  const count = lines.length;
  useEffect(() => {
    if (!following) return;
    box.current?.scrollTo({ top: box.current.scrollHeight });
    setSeen(count);
  }, [count, following]);
  const watch = () => {
    const element = box.current;
    if (!element) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END;
    if (atEnd !== following) setFollowing(atEnd);
  };
  return (
    <div className="relative">
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label={t('log.lines')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={watch}
        className="max-h-112 min-h-40 overflow-auto py-1.5"
      >
        <LogLines lines={lines} wrap={wrap} onAnchor={() => setFollowing(false)} />
      </div>
      {!following && (live || count > seen) && (
        <Button
          size="sm"
          tone="primary"
          className="absolute right-4 bottom-3 shadow-overlay"
          onClick={() => setFollowing(true)}
        >
          <ArrowDown aria-hidden="true" />
          {count > seen ? t('log.jumpCount', { count: count - seen }) : t('log.jump')}
        </Button>
      )}
    </div>
  );
}
