/** Comments about lines of SQL, with what was answered. Pure. */
import type { IssueComment } from '@/api/types';
import type { Lines } from '@/features/editor/inline';

export interface Thread {
  root: IssueComment;
  replies: IssueComment[];
}

/** The line it is about now, 1-based; 0 when the line is not there any more. */
export const lineOf = ({ root }: Thread) => (root.anchor?.outdated ? 0 : (root.anchor?.currentLine ?? 0));
/** All the lines it is about now. */
export function linesOf(thread: Thread): Lines | undefined {
  const first = lineOf(thread);
  const { line = 0, endLine = 0 } = thread.root.anchor ?? {};
  return first > 0 ? { first, last: first + Math.max(0, endLine - line) } : undefined;
}

export const isAbout = (thread: Thread, line: number): boolean => {
  const lines = linesOf(thread);
  return lines !== undefined && lines.first <= line && line <= lines.last;
};

export const isResolved = ({ root }: Thread) => Boolean(root.resolver);
export const isOutdated = ({ root }: Thread) => root.anchor?.outdated === true;

/** Those of one change, in the order of its lines. */
export function threadsOf(comments: readonly IssueComment[], change: string): Thread[] {
  return comments
    .filter(({ anchor }) => anchor?.specId === change)
    .map((root) => ({ root, replies: comments.filter(({ replyTo }) => replyTo === root.name) }))
    .sort((a, b) => lineOf(a) - lineOf(b));
}

/** What needs an answer, and what is settled or about SQL that is not there any more. */
export function split(threads: readonly Thread[]): { open: Thread[]; past: Thread[] } {
  const isPast = (thread: Thread) => isResolved(thread) || isOutdated(thread);
  return { open: threads.filter((one) => !isPast(one)), past: threads.filter(isPast) };
}

/** The lines it is about, as they were. */
export const textOf = ({ root }: Thread) => (root.anchor?.text ?? '').replace(/\n$/, '');

export const linesIn = (text: string, { first, last }: Lines) =>
  text
    .split('\n')
    .slice(first - 1, last)
    .join('\n');

/** What tells a thread apart in one line, without the marks of Markdown that would show most. */
export const gistOf = ({ root }: Thread) =>
  (root.comment?.trim().split('\n')[0] ?? '').replace(/\*\*|`/g, '');
