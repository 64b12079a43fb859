/**
 * Where the rules of a configuration do not hold, while that is edited. What was added and what was taken away is kept, not
 * the list, so what somebody else saves meanwhile stays. Pure.
 */
import type { ReviewException } from '@/api/types';

export interface ExceptionEdits {
  added: ReviewException[];
  /** By key. */
  removed: string[];
}

/** Two that say the same are the same. */
export const exceptionKey = ({ rules = [], schema, table, label, reason }: ReviewException) =>
  JSON.stringify([[...rules].sort(), schema ?? '', table ?? '', label ?? '', reason ?? '']);

export function withExceptionEdits(
  saved: readonly ReviewException[],
  edits: ExceptionEdits | undefined,
): ReviewException[] {
  if (!edits) return [...saved];
  const gone = new Set(edits.removed);
  const kept = saved.filter((exception) => !gone.has(exceptionKey(exception)));
  const known = new Set(kept.map(exceptionKey));
  return [...kept, ...edits.added.filter((exception) => !known.has(exceptionKey(exception)))];
}

/** The edits with one more exception; undefined when they come to nothing. */
export function addException(edits: ExceptionEdits | undefined, exception: ReviewException) {
  const { added = [], removed = [] } = edits ?? {};
  const key = exceptionKey(exception);
  return tidy({
    added: removed.includes(key)
      ? added
      : [...added.filter((other) => exceptionKey(other) !== key), exception],
    removed: removed.filter((other) => other !== key),
  });
}

/** The edits without one that is saved, or that was only added. */
export function removeException(edits: ExceptionEdits | undefined, exception: ReviewException) {
  const { added = [], removed = [] } = edits ?? {};
  const key = exceptionKey(exception);
  const wasAdded = added.some((other) => exceptionKey(other) === key);
  return tidy({
    added: added.filter((other) => exceptionKey(other) !== key),
    removed: wasAdded ? removed : [...removed, key],
  });
}

const tidy = (edits: ExceptionEdits): ExceptionEdits | undefined =>
  edits.added.length + edits.removed.length > 0 ? edits : undefined;

/** What is missing or wrong, by field, as the server sees it. */
export function exceptionProblems({ schema = '', table = '', label = '', reason = '' }: ReviewException) {
  const isName = (text: string) => !text.includes('.') && !/\*./.test(text);
  return {
    where: !schema && !table && !label,
    schema: !isName(schema),
    table: !isName(table),
    label: label !== '' && !/^[^:]+(:.+)?$/.test(label),
    reason: !reason.trim(),
  };
}
