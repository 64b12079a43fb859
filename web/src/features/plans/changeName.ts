/**
 * What a change is called: the first comment of its SQL, so that the name goes wherever the SQL goes (the log, the
 * changelog). Pure.
 */
import type { Change } from './changes';

/** Comments that say how a script is run name nothing. */
const DIRECTIVE = /^--\s*(txn-mode|txn-isolation|batch)\s*=/i;
const COMMENT = /^--\s*(.*\S)\s*$/;
/** Characters of SQL that stand for a name where there is none. */
const HEAD = 60;
/** Lines at the beginning that are looked at. */
const LINES = 20;

const beginning = (statement: string) => statement.slice(0, 4_000).split('\n').slice(0, LINES);

/** The place of the line that names the change, -1 when it has none. */
function nameLine(lines: readonly string[]): number {
  for (const [i, line] of lines.entries()) {
    const text = line.trim();
    if (!text || DIRECTIVE.test(text)) continue;
    return COMMENT.test(text) ? i : -1;
  }
  return -1;
}

/** The name that somebody gave; '' when nobody did. */
export function nameOf(change: Change): string {
  const lines = beginning(change.statement);
  return COMMENT.exec(lines[nameLine(lines)]?.trim() ?? '')?.[1] ?? '';
}

/** What stands for the change in a list; '' when it says nothing yet. */
export function labelOf(change: Change): string {
  const lines = beginning(change.statement).map((line) => line.trim());
  const first = lines.find((line) => line && !line.startsWith('--')) ?? '';
  return nameOf(change) || change.file?.name || first.slice(0, HEAD);
}

/** The SQL with that name as its first comment; without a name the comment goes. */
export function withName(statement: string, name: string): string {
  const lines = statement.split('\n');
  const at = nameLine(lines.slice(0, LINES));
  const comment = name.trim() ? [`-- ${name.trim().replace(/\s+/g, ' ')}`] : [];
  if (at >= 0) lines.splice(at, 1, ...comment);
  else lines.unshift(...comment);
  return lines.join('\n');
}
