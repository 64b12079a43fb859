/**
 * The real binary, on a port of its own choosing, with its data in a folder that goes away. Nothing is mocked: what a
 * journey sees is what a person sees.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** `fresh` has no administrator yet; `demo` has sample data and three users. */
export type Mode = 'fresh' | 'demo';

/** Debug builds on two busy cores; a release answers in half a second. */
const START_MS = 30_000;
const STOP_MS = 10_000;
/** Lines of the server's log that a failure shows. */
const TAIL = 40;

/** A server process that answers. */
interface Running {
  url: string;
  process: ChildProcess;
  lines: string[];
}

export class Basalt {
  readonly url: string;
  readonly #data: string;
  readonly #args: string[];
  #running: Running;

  private constructor(data: string, args: string[], running: Running) {
    this.url = running.url;
    this.#data = data;
    this.#args = args;
    this.#running = running;
  }

  static async start(mode: Mode, more: readonly string[] = []): Promise<Basalt> {
    const data = await mkdtemp(join(tmpdir(), `basalt-e2e-${mode}-`));
    const args = ['--data', data, ...(mode === 'demo' ? ['--demo'] : []), ...more];
    try {
      return new Basalt(data, args, await launch(args, '0'));
    } catch (error) {
      await rm(data, { recursive: true, force: true });
      throw error;
    }
  }

  /** The end of the server's log, for the report of a failed test. */
  tail(): string {
    return this.#running.lines.slice(-TAIL).join('\n');
  }

  /** As when the machine loses power: nothing is said to anybody, nothing is written any more. */
  async kill(): Promise<void> {
    const ended = new Promise<void>((done) => this.#running.process.once('exit', () => done()));
    this.#running.process.kill('SIGKILL');
    await ended;
  }

  /** The same server again, at the same address, on the same data. */
  async restart(): Promise<void> {
    this.#running = await launch(this.#args, new URL(this.url).port);
  }

  /** Asks it to stop, and fails when it does not do so by itself. */
  async stop(): Promise<void> {
    const { process } = this.#running;
    const ended = new Promise<void>((done) => process.once('exit', () => done()));
    const gone = process.exitCode !== null || process.signalCode !== null;
    process.kill('SIGTERM');
    const inTime = gone || (await Promise.race([ended.then(() => true), sleep(STOP_MS, false)]));
    if (!inTime) process.kill('SIGKILL');
    await rm(this.#data, { recursive: true, force: true });
    if (!inTime) throw new Error(`basalt did not stop within ${STOP_MS} ms of SIGTERM\n${this.tail()}`);
  }
}

async function launch(args: readonly string[], port: string): Promise<Running> {
  const child = spawn(binary(), ['serve', '--port', port, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let rest = '';
  const keep = (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let failure = '';
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ||= `it ended with ${code ?? signal}`;
  });
  const until = Date.now() + START_MS;
  while (Date.now() < until && !failure) {
    const url = lines.map((line) => /serves (http:\/\/\S+)/.exec(line)?.[1]).find(Boolean);
    if (url && (await healthy(url))) return { url, process: child, lines };
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`basalt did not start: ${failure || `no answer in ${START_MS} ms`}\n${lines.join('\n')}`);
}

/** `BASALT_BIN`, which scripts/e2e.sh sets; else the debug build of this checkout. */
export function binary(): string {
  const path = process.env.BASALT_BIN ?? resolve(import.meta.dirname, '../../target/debug/basalt');
  if (!existsSync(path))
    throw new Error(`${path} is not there: cargo build -p basalt, or run scripts/e2e.sh`);
  return path;
}

async function healthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false; // Not listening yet.
  }
}
