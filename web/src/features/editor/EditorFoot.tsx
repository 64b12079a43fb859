import { Link2, MessageSquarePlus, MessageSquareText, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '@/features/instances/engines';
import { cn } from '@/lib/cn';
import { Keys } from '@/ui/Keys';
import { Tooltip } from '@/ui/Tooltip';
import type { Cursor } from './CodeEditor';
import { countOf } from './inline';
import type { EditorMark } from './marks';

interface Props {
  cursor: Cursor;
  engine: string | undefined;
  marks: readonly EditorMark[];
  /** To the next finding behind the cursor, and around. */
  onNext: () => void;
  /** Makes the URL name the cursor's line. */
  onLine?: (() => void) | undefined;
  /** Begins to talk about it, or about the lines that are selected. */
  onComment?: (() => void) | undefined;
  /** Shows what is said about it, or puts it away. */
  onThread?: (() => void) | undefined;
  isThreadShown?: boolean;
}

/** Below the text: what was found in it, which SQL it is, and where the cursor is. */
export function EditorFoot({
  cursor,
  engine,
  marks,
  onNext,
  onLine,
  onComment,
  onThread,
  isThreadShown,
}: Props) {
  const { t } = useTranslation();
  const title = useEngine(engine)?.title;
  const count = (level: EditorMark['level']) => marks.filter((mark) => mark.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const words = [
    errors > 0 && t('checks.errors', { count: errors }),
    warnings > 0 && t('checks.warnings', { count: warnings }),
  ].filter(Boolean);
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-3 border-t border-line bg-surface px-2 text-caption text-muted">
      {words.length > 0 && (
        <button
          type="button"
          onClick={onNext}
          className={cn(
            'flex h-7 items-center gap-1.5 font-medium hover:underline',
            errors > 0 ? 'text-danger' : 'text-warning',
          )}
        >
          <TriangleAlert className="size-3.5" aria-hidden="true" />
          {words.join(', ')}
          <span className="font-normal text-muted">
            {t('editor.next')} <Keys keys={['F8']} className="inline-flex" />
          </span>
        </button>
      )}
      {onComment && (
        <button type="button" onClick={onComment} className="flex h-7 items-center gap-1 hover:text-text">
          <MessageSquarePlus className="size-3.5" aria-hidden="true" />
          {t('threads.commentOn', { ...cursor.selected, count: countOf(cursor.selected) })}
        </button>
      )}
      {onThread && (
        <button
          type="button"
          aria-expanded={isThreadShown}
          onClick={onThread}
          className="flex h-7 items-center gap-1 hover:text-text"
        >
          <MessageSquareText className="size-3.5" aria-hidden="true" />
          {t('threads.show', { line: cursor.line })}
        </button>
      )}
      <span className="ml-auto">{title}</span>
      {onLine ? (
        <Tooltip text={t('editor.linkLine', { line: cursor.line })}>
          <button
            type="button"
            onClick={onLine}
            className="flex h-7 items-center gap-1 tabular-nums hover:text-text"
          >
            {t('editor.cursor', { line: cursor.line, column: cursor.column })}
            <Link2 className="size-3.5" aria-hidden="true" />
            <span className="sr-only">{t('editor.linkLine', { line: cursor.line })}</span>
          </button>
        </Tooltip>
      ) : (
        <span className="tabular-nums">
          {t('editor.cursor', { line: cursor.line, column: cursor.column })}
        </span>
      )}
    </div>
  );
}
