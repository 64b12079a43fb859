/** What of a script is not applied, and whether other statements may run instead of it. Pure. */
import type { LogEntry, Task, TaskRun } from '@/api/types';
import { canRun } from './steps';

/** A part of a sheet is applied for certain, and a part is not. */
export function canReplaceRest(task: Task, run: TaskRun | undefined): boolean {
  const at = run?.checkpoint;
  if (!at || at.unknown || !canRun(task) || !task.databaseUpdate?.sheet || at.version) return false;
  const begun = (at.applied ?? 0) > 0 || Number(at.chunks ?? 0) > 0;
  return begun && (at.applied ?? 0) < (at.count ?? 0);
}

/** The script cut where its first statement that is not applied begins. */
export interface Cut {
  applied: string;
  rest: string;
}

const isComment = (line = '') => /^\s*(--.*)?$/.test(line);
/** Says how the script runs: `-- txn-mode = off`. */
const isDirective = (line: string) => /^--\s*[a-z][a-z-]*\s*=/.test(line);

/** Told from where the log saw that statement; undefined when it never began. */
export function cutScript(text: string, run: TaskRun, entries: readonly LogEntry[]): Cut | undefined {
  const next = run.checkpoint?.applied ?? 0;
  const entry = entries.find(
    ({ commandExecute }) => commandExecute?.range && (commandExecute.statementIndex ?? 0) === next,
  );
  if (!entry) return undefined;
  const bytes = new TextEncoder().encode(text);
  const start = entry.commandExecute?.range?.start ?? 0;
  const above = new TextDecoder().decode(bytes.subarray(0, start)).split('\n');
  // What stands right above a statement is about it; what stands before it in its line is not.
  let cut = isComment(above.at(-1)) ? above.length - 1 : above.length;
  if (cut < above.length) while (cut > 0 && isComment(above[cut - 1])) cut -= 1;
  const applied = above.slice(0, cut);
  const firstSql = applied.findIndex((line) => !isComment(line));
  const rest = above.slice(cut).join('\n') + new TextDecoder().decode(bytes.subarray(start));
  return {
    applied: applied.join('\n').trim(),
    // The new plan is a script of its own, and is to run as this one does.
    rest: [...applied.slice(0, Math.max(0, firstSql)).filter(isDirective), rest.trim(), ''].join('\n'),
  };
}
