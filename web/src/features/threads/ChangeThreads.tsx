import { useTranslation } from 'react-i18next';
import { CommentForm } from './CommentForm';
import { ThreadCard } from './ThreadCard';
import { lineIn, split, type Thread } from './threads';

interface Props {
  issue: string;
  page: string;
  threads: readonly Thread[];
  /** What a new one is about: the change, its sheet and its text as they are saved. */
  change: { id: string; sheet: string; statement: string };
  /** The line that somebody is about to talk about. */
  line: number | undefined;
  onLine: (line: number | undefined) => void;
  editable: boolean;
  onGoToLine: (line: number) => void;
}

/** What is said about the lines of a change: open threads first, what is settled or outdated folded. */
export function ChangeThreads(props: Props) {
  const { issue, page, threads, change, line, onLine, editable, onGoToLine } = props;
  const { t } = useTranslation();
  const { open, past } = split(threads);
  const common = { issue, page, editable, onGoToLine };
  if (threads.length === 0 && line === undefined) return null;
  return (
    <section aria-label={t('threads.title')} className="flex flex-col gap-2">
      {line !== undefined && (
        <div className="rounded-card border border-accent/60 bg-raised px-3 py-2.5">
          <CommentForm
            key={line}
            issue={issue}
            about={{ anchor: { specId: change.id, sheet: change.sheet, line } }}
            label={t('threads.commentOn', { line })}
            lines={lineIn(change.statement, line)}
            onDone={() => onLine(undefined)}
          />
        </div>
      )}
      {open.length > 0 && (
        <>
          <h3 className="text-small font-medium">{t('threads.open', { count: open.length })}</h3>
          <ul aria-label={t('threads.open', { count: open.length })} className="flex flex-col gap-2">
            {open.map((thread) => (
              <ThreadCard key={thread.root.name} thread={thread} {...common} />
            ))}
          </ul>
        </>
      )}
      {past.length > 0 && (
        <details>
          <summary className="cursor-pointer text-small text-muted">
            {t('threads.past', { count: past.length })}
          </summary>
          <ul className="mt-2 flex flex-col gap-2">
            {past.map((thread) => (
              <ThreadCard key={thread.root.name} thread={thread} {...common} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
