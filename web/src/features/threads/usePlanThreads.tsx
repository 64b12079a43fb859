import { type ReactNode, useState } from 'react';
import type { Plan } from '@/api/types';
import { useComments } from '@/features/issues/useComments';
import { type Change, sheetOf } from '@/features/plans/changes';
import { paths } from '@/lib/paths';
import { ChangeThreads } from './ChangeThreads';
import { lineOf, split, threadsOf } from './threads';

/** What an editor of a change shows of the threads about it. */
export interface EditorThreads {
  /** Lines that are talked about. */
  commented: (change: Change) => readonly number[];
  /** Begins to talk about a line; absent where nobody can. */
  onComment?: ((change: Change, line: number) => void) | undefined;
  /** Stands below the editor. */
  below: (change: Change) => ReactNode;
}

interface Options {
  editable: boolean;
  /** The text that shows is the one that is saved: lines have the numbers that others see. */
  isSaved: (change: Change) => boolean;
  onGoToLine: (change: string, line: number) => void;
}

const NONE: readonly number[] = [];

export function usePlanThreads(plan: Plan, { editable, isSaved, onGoToLine }: Options): EditorThreads {
  const [asked, setAsked] = useState<{ change: string; line: number }>();
  const comments = useComments(plan.issue).data?.issueComments ?? [];
  return {
    commented: (change) => (isSaved(change) ? split(threadsOf(comments, change.id)).open.map(lineOf) : NONE),
    onComment: plan.issue ? ({ id }, line) => setAsked({ change: id, line }) : undefined,
    below: (change) =>
      plan.issue && (
        <ChangeThreads
          issue={plan.issue}
          page={paths.plan(plan.name ?? '')}
          threads={threadsOf(comments, change.id)}
          change={{
            id: change.id,
            sheet: sheetOf(plan.specs?.find(({ id }) => id === change.id)),
            statement: change.statement,
          }}
          line={isSaved(change) && asked?.change === change.id ? asked.line : undefined}
          onLine={(line) => setAsked(line === undefined ? undefined : { change: change.id, line })}
          editable={editable && isSaved(change)}
          onGoToLine={(line) => onGoToLine(change.id, line)}
        />
      ),
  };
}
