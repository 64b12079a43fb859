/** Comments about lines of SQL, with what was answered. Pure. */
import type { IssueComment } from '@/api/types';

export interface Thread {
  root: IssueComment;
  replies: IssueComment[];
}

/** The line it is about now, 1-based; 0 when the line is not there any more. */
export const lineOf = ({ root }: Thread) => (root.anchor?.outdated ? 0 : (root.anchor?.currentLine ?? 0));
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

/** The line of a text, 1-based. */
export const lineIn = (text: string, line: number) => text.split('\n')[line - 1] ?? '';
