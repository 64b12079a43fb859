import { Ban, CircleX, Play } from 'lucide-react';
import { Tabs as Primitive } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiError, readGrantors } from '@/api/error';
import { Boundary } from '@/components/Boundary';
import { Forbidden } from '@/features/access/Forbidden';
import { cn } from '@/lib/cn';
import { formatBytes } from '@/lib/format';
import { databaseId } from '@/lib/names';
import { formatMs } from '@/lib/time';
import { Button } from '@/ui/Button';
import { Keys } from '@/ui/Keys';
import { RunningArc } from '@/ui/RunningArc';
import { ErrorPanel, Notice } from '@/ui/States';
import { cancelRun, type Run } from '../run/runs';
import { ResultError } from './ResultError';
import { ResultView } from './ResultView';

interface Props {
  sheet: string;
  run: Run | undefined;
  /** The database of the sheet now; results of another are labelled. */
  database: string;
  engine: string | undefined;
  onGoToLine: (line: number) => void;
  onRetry: () => void;
}

/** Below the editor: nothing yet, what runs, what came, what went wrong. */
export function ResultPanel(props: Props) {
  const { run, database } = props;
  const { t } = useTranslation();
  const shown = run?.state === 'running' ? run.before : run;
  const other = shown && shown.results.length > 0 && shown.asked.database !== database;
  return (
    <section aria-label={t('sqlEditor.results')} className="relative flex min-h-0 flex-1 flex-col">
      {run?.state === 'running' && (
        <Running run={run} sheet={props.sheet} old={Boolean(shown?.results.length)} />
      )}
      {other && (
        <p className="border-b border-line tint-warning px-3 py-1 text-caption">
          {t('sqlEditor.ofDatabase', { database: databaseId(shown.asked.database) })}
        </p>
      )}
      <Announcement run={run} />
      <div
        className={cn('flex min-h-0 flex-1 flex-col', run?.state === 'running' && 'opacity-50')}
        inert={run?.state === 'running' || undefined}
      >
        {shown ? <Outcome key={shown.id} {...props} run={shown} /> : run ? null : <Nothing />}
      </div>
    </section>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <div className="m-auto flex flex-col items-center gap-2 p-6 text-center text-muted">
      <Play className="size-6" aria-hidden="true" />
      <p>{t('sqlEditor.nothingYet')}</p>
      <p className="flex flex-wrap items-center justify-center gap-2 text-caption">
        <Keys keys={['Mod', 'Enter']} /> {t('sqlEditor.runsStatement')}
      </p>
    </div>
  );
}

/** For ears: one sentence when a run has ended. Its numbers are on the page. */
function Announcement({ run }: { run: Run | undefined }) {
  const { t } = useTranslation();
  const rows = run?.results.reduce((sum, { frame }) => sum + (frame?.rows ?? 0), 0) ?? 0;
  return (
    <p role="status" className="sr-only">
      {run?.state === 'running' && t('status.running')}
      {run?.state === 'done' && t('sqlEditor.finished', { count: rows, time: formatMs(run.tookMs) })}
      {run?.state === 'canceled' && t('status.canceled')}
    </p>
  );
}

const TICK_MS = 100;

function Running({ run, sheet, old }: { run: Run; sheet: string; old: boolean }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="flex items-center gap-3 border-b border-line px-3 py-1.5">
      <span className="flex items-center gap-1.5 text-small font-medium text-running [&>svg]:size-3.5">
        <RunningArc />
        {t('status.running')}
      </span>
      <span className="text-small text-muted tabular-nums">{formatMs(Math.max(0, now - run.startedAt))}</span>
      {run.received > 0 && (
        <span className="text-small text-muted tabular-nums">
          {t('sqlEditor.received', { size: formatBytes(run.received) })}
        </span>
      )}
      {old && <span className="text-caption text-muted">{t('sqlEditor.oldResult')}</span>}
      <Button size="sm" className="ml-auto" onClick={() => cancelRun(sheet)}>
        <Ban aria-hidden="true" />
        {t('action.cancel')}
      </Button>
    </div>
  );
}

function Outcome({ run, onRetry, ...rest }: Props & { run: Run }) {
  const { t } = useTranslation();
  if (run.state === 'canceled') {
    return (
      <div className="p-3">
        <Notice title={t('sqlEditor.canceled')}>
          {t('sqlEditor.canceledText', { time: formatMs(run.tookMs) })}
        </Notice>
      </div>
    );
  }
  if (run.error) {
    return (
      <div className="overflow-y-auto p-3">
        <Refusal error={run.error} onRetry={onRetry} />
      </div>
    );
  }
  return <Results run={run} {...rest} />;
}

function Refusal({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const { t } = useTranslation();
  const { denied } = error;
  if (!denied) return <ErrorPanel error={error} doing={t('sqlEditor.run')} onRetry={onRetry} />;
  return (
    <Forbidden
      permission={denied.permissions.join(', ')}
      resource={denied.resources.join(', ')}
      grantors={readGrantors(error.metadata.grantors)}
    />
  );
}

type ResultsProps = Omit<Props, 'run' | 'onRetry'> & { run: Run };

/** One tab a statement. */
function Results({ run, ...rest }: ResultsProps) {
  const { t } = useTranslation();
  const { results } = run;
  const failed = results.findIndex(({ facts }) => facts.error);
  const [tab, setTab] = useState(String(Math.max(failed, 0)));
  return (
    <Primitive.Root value={tab} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
      <Primitive.List
        aria-label={t('sqlEditor.results')}
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2"
      >
        {results.map(({ facts }, i) => (
          <Primitive.Trigger
            // biome-ignore lint/suspicious/noArrayIndexKey: statements have no other name than their place
            key={i}
            value={String(i)}
            title={facts.statement}
            className="-mb-px flex h-8 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-small whitespace-nowrap text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text focus-visible:-outline-offset-2"
          >
            {facts.error && <CircleX className="size-3.5 text-danger" aria-hidden="true" />}
            {t(facts.error ? 'sqlEditor.failedNumber' : 'sqlEditor.resultNumber', { number: i + 1 })}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {results.map((result, i) => (
        <Primitive.Content
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          key={i}
          value={String(i)}
          tabIndex={-1}
          className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden"
        >
          <Boundary name={t('sqlEditor.resultNumber', { number: i + 1 })}>
            {result.frame ? (
              <ResultView place={i} result={result} frame={result.frame} run={run} engine={rest.engine} />
            ) : (
              <ResultError facts={result.facts} asked={run.asked} onGoToLine={rest.onGoToLine} />
            )}
          </Boundary>
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
