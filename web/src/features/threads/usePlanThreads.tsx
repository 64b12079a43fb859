import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '@/api/types';
import { countOf, type Lines } from '@/features/editor/inline';
import type { Inline } from '@/features/editor/useInlines';
import { useComments } from '@/features/issues/useComments';
import { type Change, sheetOf } from '@/features/plans/changes';
import { paths } from '@/lib/paths';
import { ChangeThreads } from './ChangeThreads';
import { CommentForm } from './CommentForm';
import { ThreadCard } from './ThreadCard';
import { isAbout, linesIn, linesOf, split, type Thread, threadsOf } from './threads';

/** What an editor of a change shows of the threads about it. */
export interface EditorThreads {
  /** Lines that are talked about. */
  commented: (change: Change) => readonly number[];
  /** Begins to talk about lines; absent where nobody can. */
  onComment?: ((change: Change, lines: Lines) => void) | undefined;
  /** Shows what is said about a line, or puts it away. */
  onThread: (change: Change, line: number) => void;
  /** Stands between the lines. */
  inlines: (change: Change) => readonly Inline[];
  /** Stands below the editor. */
  below: (change: Change) => ReactNode;
}

interface Options {
  editable: boolean;
  /** The text that shows is the one that is saved: lines have the numbers that others see. */
  isSaved: (change: Change) => boolean;
  onGoToLine: (change: string, line: number) => void;
}

const NEW = 'new';

export function usePlanThreads(plan: Plan, { editable, isSaved, onGoToLine }: Options): EditorThreads {
  const { t } = useTranslation();
  const { issue = '' } = plan;
  const [asked, setAsked] = useState<{ change: string; lines: Lines }>();
  const [opened, setOpened] = useState<readonly string[]>([]);
  const comments = useComments(plan.issue).data?.issueComments ?? [];
  const page = paths.plan(plan.name ?? '');
  const nameOf = ({ root }: Thread) => root.name ?? '';
  const isOpened = (thread: Thread) => opened.includes(nameOf(thread));
  /** Those that can stand beside their lines. */
  const placed = (change: Change) => (isSaved(change) ? split(threadsOf(comments, change.id)).open : []);
  const show = (...threads: Thread[]) => setOpened([...new Set([...opened, ...threads.map(nameOf)])]);
  const hide = (...threads: Thread[]) => {
    const names = threads.map(nameOf);
    setOpened(opened.filter((name) => !names.includes(name)));
  };
  const toggle = (threads: Thread[]) => (threads.every(isOpened) ? hide(...threads) : show(...threads));

  const card = (change: Change, thread: Thread, { first }: Lines) => (
    <ThreadCard
      {...{ issue, page, thread, editable }}
      onClose={() => {
        hide(thread);
        onGoToLine(change.id, first);
      }}
    />
  );
  const inlines = (change: Change): Inline[] => {
    const parts: Inline[] = [];
    for (const thread of placed(change).filter(isOpened)) {
      const lines = linesOf(thread);
      if (lines) parts.push({ key: nameOf(thread), lines, node: card(change, thread, lines) });
    }
    if (asked?.change !== change.id || !isSaved(change)) return parts;
    const { lines } = asked;
    const anchor = {
      specId: change.id,
      sheet: sheetOf(plan.specs?.find(({ id }) => id === change.id)),
      line: lines.first,
      endLine: lines.last,
    };
    const node = (
      <div className="rounded-card border border-accent/60 bg-raised px-3 py-2.5">
        <CommentForm
          issue={issue}
          about={{ anchor }}
          label={t('threads.commentOn', { ...lines, count: countOf(lines) })}
          lines={linesIn(change.statement, lines)}
          onDone={(made) => {
            setAsked(undefined);
            if (made?.name) setOpened([...opened, made.name]);
            else onGoToLine(change.id, lines.first);
          }}
        />
      </div>
    );
    return [...parts, { key: `${NEW} ${lines.first} ${lines.last}`, lines, node }];
  };

  return {
    commented: (change) =>
      placed(change).flatMap((thread) => {
        const { first, last } = linesOf(thread) ?? { first: 1, last: 0 };
        return Array.from({ length: last - first + 1 }, (_, at) => first + at);
      }),
    onComment: issue ? ({ id }, lines) => setAsked({ change: id, lines }) : undefined,
    onThread: (change, line) => toggle(placed(change).filter((thread) => isAbout(thread, line))),
    inlines,
    below: (change) =>
      issue && (
        <ChangeThreads
          {...{ issue, page }}
          threads={threadsOf(comments, change.id)}
          shown={isSaved(change) ? opened : undefined}
          onShow={(thread) => toggle([thread])}
          editable={editable && isSaved(change)}
          onGoToLine={(line) => onGoToLine(change.id, line)}
        />
      ),
  };
}
