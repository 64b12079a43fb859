/** The page's side of the worker that holds one answer. */
import type { Result } from './answer';
import type { Taken } from './format';
import type { Wanted } from './order';
import type { Asked, Job, Told } from './worker';

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

export class Reader {
  private readonly worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Told>) => {
      const { resolve, reject } = this.waiting.get(data.id) ?? {};
      this.waiting.delete(data.id);
      if ('failure' in data) reject?.(new Error(data.failure));
      else resolve?.(data.value as never);
    };
    this.worker.onerror = (event) => this.fail(new Error(event.message || 'The worker could not be loaded.'));
  }

  /** One more piece of the answer; it is gone from this side. */
  take = (piece: Uint8Array<ArrayBuffer>): Promise<void> => this.ask({ type: 'take', piece }, [piece.buffer]);

  /** All pieces are there. */
  read = (): Promise<Result[]> => this.ask({ type: 'read' });

  order = (result: number, wanted: Wanted): Promise<Uint32Array<ArrayBuffer> | undefined> =>
    this.ask({ type: 'order', result, wanted });

  format = (result: number, taken: Taken): Promise<string> => this.ask({ type: 'format', result, taken });

  close(): void {
    this.worker.terminate();
    this.fail(new Error('The result was closed.'));
  }

  private ask<T>(job: Job, transfer: Transferable[] = []): Promise<T> {
    const id = this.next++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, job } satisfies Asked, transfer);
    });
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
