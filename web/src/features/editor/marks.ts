/** Findings as marks in the text: where they stand, and where they went while somebody typed. */
import { type Diagnostic, forEachDiagnostic } from '@codemirror/lint';
import type { EditorState, Line } from '@codemirror/state';

export interface EditorMark {
  /** 1-based. */
  line: number;
  /** 1-based, in characters; absent when the finding is about the whole line. */
  column?: number | undefined;
  level: 'error' | 'warning' | 'info';
  message: string;
}

/** Remembers the line that it was made for: the list beside the editor goes on naming that one. */
interface Placed extends Diagnostic {
  line: number;
}

/** From the named character, or else the first that is not a blank, to the end of the line. */
function range(line: Line, column: number | undefined): { from: number; to: number } {
  const to = line.from + line.text.trimEnd().length;
  // Columns count characters, and an editor counts half of some of them.
  const before = column
    ? [...line.text].slice(0, column - 1).join('').length
    : line.text.length - line.text.trimStart().length;
  const from = Math.min(line.from + before, line.to);
  return { from, to: Math.max(from, to) };
}

export const diagnostics = (state: EditorState, marks: readonly EditorMark[]): Placed[] =>
  marks
    .filter((mark) => mark.line >= 1 && mark.line <= state.doc.lines)
    .map(({ line, column, level, message }) => ({
      ...range(state.doc.line(line), column),
      severity: level,
      message,
      line,
    }));

/** Where the finding of a line is now; undefined when the editor has none for it. */
export function placeOf(state: EditorState, line: number): number | undefined {
  let place: number | undefined;
  forEachDiagnostic(state, (diagnostic, from) => {
    if ((diagnostic as Placed).line === line) place ??= from;
  });
  return place;
}
