import { Link2, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { ServerSession, TaskRun, TaskRunSession } from '@/api/types';
import { cn } from '@/lib/cn';
import { formatCount } from '@/lib/format';
import { between, formatMs } from '@/lib/time';
import { Table, Td, Th, Tr } from '@/ui/Table';

/** Each look opens a connection to the database's server. */
const ASK_MS = 3_000;

/** The running session at its server: who is in its way, and who waits for it. */
export function Sessions({ run }: { run: TaskRun }) {
  const { t } = useTranslation();
  const running = run.status === 'RUNNING';
  const query = useRpc(
    'RolloutService/GetTaskRunSession',
    { parent: run.name },
    { enabled: running, every: ASK_MS, staleTime: 0, keep: true },
  );
  const found = query.data?.postgres;
  if (!running) return null;
  // Not every engine shows its sessions; that is no failure of the run.
  if (query.error) return <p className="text-small text-muted">{query.error.message}</p>;
  const progress = query.data?.progress;
  if (!found?.session && !progress) return null;
  const [blocking, blocked] = [found?.blockingSessions ?? [], found?.blockedSessions ?? []];
  const at = new Date(query.dataUpdatedAt).toISOString();
  return (
    <section aria-label={t('sessions.title')} className="flex flex-col gap-2">
      {found?.session && (
        <p className="flex flex-wrap items-center gap-x-3 text-small text-muted">
          <span className="font-medium text-text">{t('sessions.own', { pid: found.session.pid })}</span>
          <span>{stateOf(found.session)}</span>
          {blocking.length + blocked.length === 0 && <span>{t('sessions.free')}</span>}
        </p>
      )}
      {progress && <LongStatement progress={progress} />}
      {blocking.length > 0 && (
        <SessionTable label={t('sessions.blocking')} sessions={blocking} at={at} tone="danger" />
      )}
      {blocked.length > 0 && (
        <SessionTable label={t('sessions.blocked')} sessions={blocked} at={at} tone="warning" />
      )}
    </section>
  );
}

/** How far a long statement is, where the server tells. */
function LongStatement({ progress }: { progress: NonNullable<TaskRunSession['progress']> }) {
  const { t } = useTranslation();
  const [done, total] = [Number(progress.done ?? 0), Number(progress.total ?? 0)];
  const words = {
    phase: progress.phase ?? '',
    done: formatCount(progress.done),
    total: formatCount(progress.total),
    unit: progress.unit ?? '',
  };
  const text = t(total > 0 ? 'sessions.progressOf' : 'sessions.progress', words);
  return (
    <div className="flex max-w-160 flex-col gap-1">
      {total > 0 && (
        <progress aria-label={text} value={done} max={total} className="h-2 w-full accent-running" />
      )}
      <p className="text-small tabular-nums first-letter:uppercase">{text}</p>
    </div>
  );
}

const stateOf = ({ state, waitEventType, waitEvent }: ServerSession) =>
  [state, [waitEventType, waitEvent].filter(Boolean).join(': ')].filter(Boolean).join(' · ');

interface TableProps {
  label: string;
  sessions: readonly ServerSession[];
  /** When they were looked at. */
  at: string;
  tone: 'danger' | 'warning';
}

function SessionTable({ label, sessions, at, tone }: TableProps) {
  const { t } = useTranslation();
  const Icon = tone === 'danger' ? Link2 : Users;
  return (
    <div>
      <h4
        className={cn(
          'mb-1 flex items-center gap-1.5 text-small',
          tone === 'danger' ? 'text-danger' : 'text-warning',
        )}
      >
        <Icon className="size-4" aria-hidden="true" />
        {label}
      </h4>
      <Table label={label}>
        <thead>
          <tr>
            <Th>{t('sessions.pid')}</Th>
            <Th>{t('sessions.user')}</Th>
            <Th>{t('sessions.application')}</Th>
            <Th>{t('sessions.since')}</Th>
            <Th>{t('sessions.query')}</Th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <Tr key={session.pid}>
              <Td className="tabular-nums">{session.pid}</Td>
              <Td>{session.usename}</Td>
              <Td>{session.applicationName || session.clientAddr}</Td>
              <Td className="whitespace-nowrap tabular-nums">{age(session, at)}</Td>
              <Td className="min-w-60">
                <code className="line-clamp-2 font-mono text-caption [overflow-wrap:anywhere]">
                  {session.query}
                </code>
                <span className="text-caption text-muted">{stateOf(session)}</span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** How long its transaction, or else its query, has been open. */
function age(session: ServerSession, at: string): string {
  const ms = between(session.xactStart ?? session.queryStart, at);
  return ms === undefined ? '' : formatMs(ms);
}
