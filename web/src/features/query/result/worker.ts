/** The thread that reads answers, and sorts, filters and formats them: none of that may hold up the page. */
import { readAnswer } from './answer';
import { formatCells, type Taken } from './format';
import { buffersOf, copyOf, type Frame } from './frame';
import { orderRows, type Wanted } from './order';

export type Job =
  | { type: 'take'; piece: Uint8Array }
  | { type: 'read' }
  | { type: 'order'; result: number; wanted: Wanted }
  | { type: 'format'; result: number; taken: Taken };

export interface Asked {
  id: number;
  job: Job;
}

export type Told = { id: number; value: unknown } | { id: number; failure: string };

/** The part of a worker's global that is used; the DOM's types know only that of a window. */
interface Scope {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage: (told: Told, transfer: Transferable[]) => void;
}

const scope = globalThis as unknown as Scope;
let pieces: Uint8Array[] = [];
let frames: (Frame | undefined)[] = [];

function frameOf(result: number): Frame {
  const frame = frames[result];
  if (!frame) throw new Error(`result ${result} has no rows`);
  return frame;
}

function work(job: Job): { value: unknown; transfer: Transferable[] } {
  switch (job.type) {
    case 'take':
      pieces.push(job.piece);
      return { value: undefined, transfer: [] };
    case 'read': {
      const results = readAnswer(pieces);
      pieces = [];
      frames = results.map(({ frame }) => frame);
      const copies = results.map((result) => ({ ...result, frame: result.frame && copyOf(result.frame) }));
      return { value: copies, transfer: copies.flatMap(({ frame }) => (frame ? buffersOf(frame) : [])) };
    }
    case 'order': {
      const rows = orderRows(frameOf(job.result), job.wanted);
      return { value: rows, transfer: rows ? [rows.buffer] : [] };
    }
    case 'format':
      return { value: formatCells(frameOf(job.result), job.taken), transfer: [] };
  }
}

scope.onmessage = ({ data: { id, job } }) => {
  try {
    const { value, transfer } = work(job);
    scope.postMessage({ id, value }, transfer);
  } catch (error) {
    scope.postMessage({ id, failure: error instanceof Error ? error.message : String(error) }, []);
  }
};
