/** The server's answer to a query, read into frames. Runs in a worker: an answer of 100,000 rows is megabytes of JSON. Pure. */
import type { QueryResponse, QueryResult } from '@/api/types';
import { durationMs } from '@/lib/time';
import { cellOf, kindOfType } from './cells';
import { type Frame, FrameWriter } from './frame';

/** Everything of a statement's result but its rows. */
export type ResultFacts = Omit<QueryResult, 'rows' | 'columnNames' | 'columnTypeNames'>;

export interface Result {
  facts: ResultFacts;
  /** Missing when the statement failed. */
  frame: Frame | undefined;
  latencyMs: number | undefined;
}

export function readResult({
  rows = [],
  columnNames = [],
  columnTypeNames = [],
  ...facts
}: QueryResult): Result {
  const latencyMs = durationMs(facts.latency);
  if (facts.error) return { facts, frame: undefined, latencyMs };
  const columns = columnNames.map((name, i) => ({ name, type: columnTypeNames[i] ?? '' }));
  const textKinds = columns.map(({ type }) => kindOfType(type));
  const writer = new FrameWriter(columns, rows.length);
  for (const { values = [] } of rows) {
    const cells = textKinds.map((kind, column) => cellOf(values[column], kind));
    writer.row(
      cells.map(([, text]) => text),
      cells.map(([kind]) => kind),
    );
  }
  return { facts, frame: writer.done(), latencyMs };
}

/** The JSON of an answer that came in pieces. */
export function readAnswer(pieces: readonly Uint8Array[]): Result[] {
  const decoder = new TextDecoder();
  const text = pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode();
  const answer: QueryResponse = JSON.parse(text);
  return (answer.results ?? []).map(readResult);
}
