import { CircleAlert, Copy, Info, RotateCw, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiError, readGrantors } from '@/api/error';
import { cn } from '@/lib/cn';
import { projectOf } from '@/lib/names';
import { askForRole, useCanAskFor } from '@/lib/roleRequest';
import { exactTime } from '@/lib/time';
import { Button } from './Button';
import { toast } from './toast';

/** True once `ms` have passed: quick answers never flash a skeleton. */
export function useDelayed(ms = 150): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return passed;
}

/** Bars of about the final size, after 150 ms of waiting. */
export function Skeleton({ rows = 6, className }: { rows?: number; className?: string }) {
  const { t } = useTranslation();
  const show = useDelayed();
  return (
    <div aria-busy="true" className={cn('flex flex-col gap-2', className)}>
      <span className="sr-only">{t('state.loading')}</span>
      {Array.from({ length: rows }, (_, i) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: equal bars without identity
          key={i}
          aria-hidden="true"
          className={cn('h-9 rounded-input', show && 'animate-fade bg-hover')}
        />
      ))}
    </div>
  );
}

interface EmptyProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}

/** Nothing here yet: one sentence and one next step. */
export function EmptyState({ title, children, action, icon }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-card border border-dashed border-line-strong/50 bg-surface px-6 py-12 text-center">
      {icon && <span className="mb-1 text-muted [&_svg]:size-7">{icon}</span>}
      <h2 className="text-h3">{title}</h2>
      {children && <p className="max-w-[56ch] text-muted">{children}</p>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

const NOTICE = {
  info: { icon: Info, className: 'border-info/40 tint-info [&>svg]:text-info' },
  warning: { icon: TriangleAlert, className: 'border-warning/50 tint-warning [&>svg]:text-warning' },
  danger: { icon: CircleAlert, className: 'border-danger/50 tint-danger [&>svg]:text-danger' },
};

interface NoticeProps {
  tone?: keyof typeof NOTICE;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** `alert` interrupts a screen reader: for failures only. */
  role?: 'alert' | 'status' | 'note';
  className?: string;
}

/** Something to act on, in its place. */
export function Notice({ tone = 'info', title, children, actions, role = 'note', className }: NoticeProps) {
  const { icon: Icon, className: look } = NOTICE[tone];
  return (
    <div
      role={role}
      className={cn('flex items-start gap-2.5 rounded-card border px-3 py-2.5', look, className)}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={cn(title ? 'text-small' : '')}>{children}</div>}
        {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}

interface ErrorProps {
  error: ApiError;
  /** What was tried: "Loading projects". */
  doing?: string;
  onRetry?: () => void;
}

/** A failed panel: a plain sentence, what was tried, and a way on. The rest of the page stays. */
export function ErrorPanel({ error, doing, onRetry }: ErrorProps) {
  const { t } = useTranslation();
  const details = [
    `method: ${error.method}`,
    `code: ${error.code}${error.reason ? ` (${error.reason})` : ''}`,
    `request: ${error.requestId || '-'}`,
    `time: ${error.time.toISOString()}`,
    error.message,
  ].join('\n');
  const people = readGrantors(error.metadata.grantors);
  const denied = error.code === 'permission_denied' && error.denied;
  const project = error.denied?.resources.map(projectOf).find(Boolean) ?? '';
  const askable = useCanAskFor(project);
  return (
    <Notice
      tone="danger"
      role="alert"
      title={doing ? t('error.doingFailed', { doing }) : t('error.title')}
      actions={
        <>
          {onRetry && (
            <Button size="sm" onClick={onRetry}>
              <RotateCw aria-hidden="true" />
              {t('action.tryAgain')}
            </Button>
          )}
          {denied && askable && (
            <Button
              size="sm"
              onClick={() => askForRole({ project, permissions: error.denied?.permissions ?? [] })}
            >
              {t('access.request.button')}
            </Button>
          )}
          <Button
            size="sm"
            tone="ghost"
            onClick={() =>
              navigator.clipboard.writeText(details).then(() => toast({ text: t('state.copied') }))
            }
          >
            <Copy aria-hidden="true" />
            {t('action.copyDetails')}
          </Button>
        </>
      }
    >
      {denied ? (
        <p>
          {t('error.permission', {
            permissions: error.denied?.permissions.join(', '),
            resources: error.denied?.resources.join(', ') || t('error.workspace'),
          })}{' '}
          {people.length > 0
            ? t('error.ask', { people: people.map(({ name, email }) => `${name} (${email})`).join(', ') })
            : t('error.askAdmin')}
        </p>
      ) : (
        <p>{error.message}</p>
      )}
      {error.blockers.length > 0 && (
        <ul className="mt-1 list-disc pl-4">
          {error.blockers.map((b) => (
            <li key={`${b.type}${b.subject}`}>{b.description}</li>
          ))}
        </ul>
      )}
      <p className="mt-1 text-caption text-muted">
        {[error.code, error.reason, error.requestId, exactTime(error.time)].filter(Boolean).join(' · ')}
      </p>
    </Notice>
  );
}
