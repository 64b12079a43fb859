import { Copy, Download, Search, WrapText, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Task, TaskRun } from '@/api/types';
import { useSearchState } from '@/hooks/useSearch';
import { saveText } from '@/lib/download';
import { formatCount } from '@/lib/format';
import { databaseId, taskId, taskRunId } from '@/lib/names';
import { IconButton } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { Status } from '@/ui/Status';
import { toast } from '@/ui/toast';
import { type LogLine, logText } from './logLines';
import { taskKind } from './TaskRow';
import { attemptOf } from './useRollout';
import type { LogState } from './useTaskLog';

interface Props {
  task: Task;
  runs: readonly TaskRun[];
  run: TaskRun | undefined;
  state: LogState;
  lines: readonly LogLine[];
  /** Lines that hold the text; undefined without one. */
  found: number | undefined;
  text: string;
  onText: (text: string) => void;
  wrap: boolean;
  onWrap: () => void;
  onClose?: (() => void) | undefined;
}

export function LogToolbar(props: Props) {
  const { task, runs, run, state, lines, found, text, onText, wrap, onWrap, onClose } = props;
  const { t } = useTranslation();
  const [, setSearch] = useSearchState();
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <h3 className="mr-1 truncate font-semibold">{databaseId(task.target)}</h3>
      <Status kind={taskKind(task)} />
      <LogStateChip state={state} />
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
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {found !== undefined && (
          <span role="status" className="text-caption text-muted tabular-nums">
            {t('log.found', { found: formatCount(found), total: formatCount(lines.length) })}
          </span>
        )}
        <div className="relative w-44">
          <Search
            className="pointer-events-none absolute top-1.5 left-2 size-4 text-muted"
            aria-hidden="true"
          />
          <input
            type="search"
            aria-label={t('log.search')}
            placeholder={t('log.search')}
            value={text}
            onChange={(event) => onText(event.target.value)}
            className="h-7 w-full rounded-input border border-line-strong bg-bg pr-2 pl-7 text-small"
          />
        </div>
        <IconButton size="sm" label={t('log.wrap')} aria-pressed={wrap} onClick={onWrap}>
          <WrapText aria-hidden="true" />
        </IconButton>
        <IconButton
          size="sm"
          label={t('log.copy')}
          onClick={() =>
            navigator.clipboard.writeText(logText(lines)).then(() => toast({ text: t('state.copied') }))
          }
        >
          <Copy aria-hidden="true" />
        </IconButton>
        <IconButton
          size="sm"
          label={t('log.download')}
          onClick={() =>
            saveText(`task-${taskId(task.name)}-run-${taskRunId(run?.name)}.log`, logText(lines))
          }
        >
          <Download aria-hidden="true" />
        </IconButton>
        {onClose && (
          <IconButton size="sm" label={t('log.close')} onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        )}
      </div>
    </div>
  );
}

function LogStateChip({ state }: { state: LogState }) {
  const { t } = useTranslation();
  if (state === 'loading') return null;
  return (
    <span role="status" className="rounded-full border border-line px-2 text-caption leading-5 text-muted">
      {t(`log.state.${state}`)}
    </span>
  );
}
