/** Findings as marks in the text: where they stand, and where they went while somebody typed. */
import { type Diagnostic, forEachDiagnostic } from '@codemirror/lint';
import type { EditorState, Line } from '@codemirror/state';
import { inLine } from './positions';

export interface EditorMark {
  /** 1-based. */
  line: number;
  /** 1-based, in characters; absent when the finding is about the whole line. */
  column?: number | undefined;
  /** The place behind its last character; absent: the end of the line. */
  end?: { line: number; column: number } | undefined;
  level: 'error' | 'warning' | 'info';
  message: string;
  /** What takes the finding away, with the words of its button. */
  fix?: { title: string; apply: () => void } | undefined;
}

/** Remembers the line that it was made for: the list beside the editor goes on naming that one. */
interface Placed extends Diagnostic {
  line: number;
}

/** From the named character, or else the first that is not a blank, to its end, or else that of the line. */
function range(state: EditorState, line: Line, { column, end }: EditorMark): { from: number; to: number } {
  const blank = line.text.length - line.text.trimStart().length;
  const from = Math.min(line.from + (column ? inLine(line.text, column) : blank), line.to);
  let to = line.from + line.text.trimEnd().length;
  if (end && end.line >= line.number && end.line <= state.doc.lines) {
    const last = state.doc.line(end.line);
    to = Math.min(last.from + inLine(last.text, end.column), last.to);
  }
  return { from, to: Math.max(from, to) };
}

export const diagnostics = (state: EditorState, marks: readonly EditorMark[]): Placed[] =>
  marks
    .filter(({ line }) => line >= 1 && line <= state.doc.lines)
    .map((mark) => ({
      ...range(state, state.doc.line(mark.line), mark),
      severity: mark.level,
      message: mark.message,
      line: mark.line,
      actions: mark.fix && [{ name: mark.fix.title, apply: mark.fix.apply }],
    }));

/** Where the finding of a line is now; undefined when the editor has none for it. */
export function placeOf(state: EditorState, line: number): number | undefined {
  let place: number | undefined;
  forEachDiagnostic(state, (diagnostic, from) => {
    if ((diagnostic as Placed).line === line) place ??= from;
  });
  return place;
}
