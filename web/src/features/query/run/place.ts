/** Where an error is: from a place in what was sent to one in the sheet. Pure. */
import type { Position } from '@/api/types';
import type { EditorMark } from '@/features/editor/SqlEditor';
import type { ResultFacts } from '../result/answer';
import type { Asked, Run } from './runs';

/** 1-based line in the sheet, or undefined when the server could not say. */
export function lineOf(position: Position | undefined, { line }: Pick<Asked, 'line'>): number | undefined {
  return position?.line ? line + position.line - 1 : undefined;
}

export const errorLine = (facts: ResultFacts, asked: Pick<Asked, 'line'>): number | undefined =>
  lineOf(facts.errorPosition ?? facts.syntaxError?.startPosition, asked);

/** What the editor marks: the errors of the last run. */
export const marksOf = (run: Run | undefined): EditorMark[] =>
  (run?.state === 'done' ? run.results : []).flatMap(({ facts }) => {
    const line = facts.error ? errorLine(facts, (run as Run).asked) : undefined;
    return line ? [{ line, level: 'error' as const, message: facts.error ?? '' }] : [];
  });
