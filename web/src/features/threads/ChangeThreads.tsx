import { MessageSquareText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PersonName } from '@/components/PersonName';
import { Button } from '@/ui/Button';
import { ThreadCard, type ThreadProps, useThreadName } from './ThreadCard';
import { gistOf, split, type Thread } from './threads';

interface Props extends Omit<ThreadProps, 'thread'> {
  threads: readonly Thread[];
  /** Names of those that stand in the editor; nothing while its text is not the one that they are about. */
  shown: readonly string[] | undefined;
  onShow: (thread: Thread) => void;
  onGoToLine: (line: number) => void;
}

/** What is said about the lines of a change: open threads, which show in the editor, and what is settled or outdated, folded. */
export function ChangeThreads({ threads, shown, onShow, ...card }: Props) {
  const { t } = useTranslation();
  const { open, past } = split(threads);
  if (threads.length === 0) return null;
  const openLabel = t('threads.open', { count: open.length });
  return (
    <section aria-label={t('threads.title')} className="flex flex-col gap-2">
      {open.length > 0 && (
        <>
          <h3 className="text-small font-medium">{openLabel}</h3>
          <ul
            aria-label={openLabel}
            className={
              shown ? 'divide-y divide-line rounded-card border border-line bg-raised' : 'flex flex-col gap-2'
            }
          >
            {open.map((thread) => (
              <li key={thread.root.name}>
                {shown ? (
                  <ThreadRow
                    thread={thread}
                    isShown={shown.includes(thread.root.name ?? '')}
                    onShow={() => onShow(thread)}
                  />
                ) : (
                  <ThreadCard thread={thread} {...card} />
                )}
              </li>
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
              <li key={thread.root.name}>
                <ThreadCard thread={thread} {...card} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface RowProps {
  thread: Thread;
  isShown: boolean;
  onShow: () => void;
}

function ThreadRow({ thread, isShown, onShow }: RowProps) {
  const { t } = useTranslation();
  const { root, replies } = thread;
  const name = useThreadName(thread);
  return (
    <div className="flex items-center gap-x-3 px-2 py-1 text-small">
      <Button size="sm" tone="ghost" aria-expanded={isShown} onClick={onShow}>
        <MessageSquareText aria-hidden="true" />
        {name}
      </Button>
      <span className="min-w-0 flex-1 truncate text-muted">
        <PersonName name={root.creator} />: {gistOf(thread) || t('threads.suggestion')}
      </span>
      {replies.length > 0 && (
        <span className="shrink-0 text-muted">{t('threads.answers', { count: replies.length })}</span>
      )}
    </div>
  );
}
