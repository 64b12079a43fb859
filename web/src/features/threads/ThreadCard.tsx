import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { IssueComment } from '@/api/types';
import { Markdown } from '@/components/Markdown';
import { PersonName } from '@/components/PersonName';
import { countOf } from '@/features/editor/inline';
import { Button, IconButton } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel } from '@/ui/States';
import { Status } from '@/ui/Status';
import { CommentForm } from './CommentForm';
import { isOutdated, isResolved, lineOf, linesOf, type Thread, textOf } from './threads';

export interface ThreadProps {
  issue: string;
  page: string;
  thread: Thread;
  /** Suggestions can be applied: the SQL can be edited, and nothing typed would be lost. */
  editable: boolean;
}

interface Props extends ThreadProps {
  /** Where it does not stand beside its lines. */
  onGoToLine?: (line: number) => void;
  /** Where it does: puts it away. */
  onClose?: () => void;
}

/** What a thread is called: by its lines. */
export function useThreadName(thread: Thread): string {
  const { t } = useTranslation();
  const lines = linesOf(thread);
  return lines ? t('threads.line', { ...lines, count: countOf(lines) }) : t('threads.outdated');
}

/** One thread: the lines it is about, what was said, and what can be done about it. */
export function ThreadCard({ issue, page, thread, editable, onGoToLine, onClose }: Props) {
  const { t } = useTranslation();
  const [replying, setReplying] = useState(false);
  const settle = useCall('ThreadService/ResolveThread', { touches: ['IssueService'] });
  const { root, replies } = thread;
  const line = lineOf(thread);
  const text = textOf(thread);
  const resolved = isResolved(thread);
  const name = useThreadName(thread);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of the editor, no section of the page
    <div
      role="group"
      aria-label={name}
      tabIndex={-1}
      className="flex flex-col gap-2 rounded-card border border-line bg-raised px-3 py-2.5"
    >
      <div className="flex flex-wrap items-center gap-2">
        {line && onGoToLine ? (
          <Button size="sm" tone="ghost" onClick={() => onGoToLine(line)}>
            {t('threads.goTo', { line })}
          </Button>
        ) : line ? (
          <span className="text-small font-medium">{name}</span>
        ) : (
          isOutdated(thread) && <Status kind="closed" label={t('threads.outdated')} />
        )}
        {resolved && (
          <span className="inline-flex flex-wrap items-center gap-1 text-small text-muted">
            <Status kind="done" label={t('threads.resolved')} />
            <PersonName name={root.resolver} /> <RelativeTime value={root.resolveTime} />
          </span>
        )}
        <Button
          size="sm"
          className="ml-auto"
          busy={settle.isPending}
          onClick={() => settle.mutate({ name: root.name, resolved: !resolved })}
        >
          {t(resolved ? 'threads.reopen' : 'threads.resolve')}
        </Button>
        {onClose && (
          <IconButton size="sm" label={t('threads.hide', { name })} onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {onGoToLine && (
        <pre className="overflow-x-auto rounded-input bg-surface px-2 py-1 font-mono text-caption text-muted">
          {text}
        </pre>
      )}
      {[root, ...replies].map((comment) => (
        <Said
          key={comment.name}
          comment={comment}
          before={text}
          page={page}
          editable={editable && !isOutdated(thread)}
        />
      ))}
      {settle.error && <ErrorPanel error={settle.error} doing={t('threads.resolve')} />}
      {replying ? (
        <CommentForm
          issue={issue}
          about={{ replyTo: root.name }}
          label={t('threads.reply')}
          lines={text}
          onDone={() => setReplying(false)}
        />
      ) : (
        <div>
          <Button size="sm" onClick={() => setReplying(true)}>
            {t('threads.reply')}
          </Button>
        </div>
      )}
    </div>
  );
}

interface SaidProps {
  comment: IssueComment;
  before: string;
  page: string;
  editable: boolean;
}

function Said({ comment, before, page, editable }: SaidProps) {
  const { t } = useTranslation();
  const apply = useCall('ThreadService/ApplySuggestion', {
    touches: ['PlanService', 'IssueService'],
  });
  const { suggestion } = comment;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-small text-muted">
        <span className="font-medium text-text">
          <PersonName name={comment.creator} />
        </span>{' '}
        <RelativeTime value={comment.createTime} />
      </p>
      {comment.comment && <Markdown text={comment.comment} page={page} />}
      {suggestion && (
        <section
          aria-label={t('threads.suggestion')}
          className="overflow-hidden rounded-input border border-line text-caption"
        >
          <pre className="overflow-x-auto font-mono">
            {before.split('\n').map((text, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
              <del key={at} className="block tint-danger px-2 no-underline">{`- ${text}`}</del>
            ))}
            {suggestion.replacement?.split('\n').map((text, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <ins key={at} className="block tint-success px-2 no-underline">{`+ ${text}`}</ins>
            ))}
          </pre>
          <div className="flex flex-wrap items-center gap-2 border-t border-line px-2 py-1.5">
            {suggestion.applier ? (
              <span className="inline-flex flex-wrap items-center gap-1">
                <Status kind="done" label={t('threads.applied')} />
                <PersonName name={suggestion.applier} /> <RelativeTime value={suggestion.applyTime} />
              </span>
            ) : (
              editable && (
                <Button size="sm" busy={apply.isPending} onClick={() => apply.mutate({ name: comment.name })}>
                  {t('threads.apply')}
                </Button>
              )
            )}
          </div>
          {apply.error && <ErrorPanel error={apply.error} doing={t('threads.apply')} />}
        </section>
      )}
    </div>
  );
}
