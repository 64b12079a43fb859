/** The mock's event stream and task logs. Development only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { state } from './state.ts';

interface Listener {
  topics: string[];
  response: ServerResponse;
}
const listeners = new Set<Listener>();
const logListeners = new Map<string, Set<ServerResponse>>();
let id = 1000;

const HEAD = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };

export function changed(name: string): void {
  const data = JSON.stringify({ name, kind: 'changed' });
  id += 1;
  for (const { topics, response } of listeners) {
    const about = topics.some((t) => name === t || name.startsWith(`${t}/`) || t.startsWith(`${name}/`));
    if (about) response.write(`id: ${id}\nevent: changed\ndata: ${data}\n\n`);
  }
}

export function events(request: IncomingMessage, response: ServerResponse, url: URL): void {
  response.writeHead(200, HEAD);
  response.write(': hello\n\n');
  const listener = { topics: url.searchParams.getAll('topic'), response };
  listeners.add(listener);
  request.on('close', () => listeners.delete(listener));
}

export function log(run: string, entry: object): void {
  const entries = state.logs.get(run) ?? [];
  entries.push(entry as never);
  state.logs.set(run, entries);
  for (const response of logListeners.get(run) ?? []) {
    response.write(`id: ${entries.length}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`);
  }
}

export function endLog(run: string): void {
  for (const response of logListeners.get(run) ?? []) response.end('event: done\ndata: {}\n\n');
  logListeners.delete(run);
}

export function logStream(request: IncomingMessage, response: ServerResponse, url: URL): void {
  const run = decodeURIComponent(url.pathname.slice('/api/logs/'.length));
  const from = Number(url.searchParams.get('from') ?? 0);
  const entries = state.logs.get(run) ?? [];
  response.writeHead(200, HEAD);
  entries.slice(from).forEach((entry, i) => {
    response.write(`id: ${from + i + 1}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`);
  });
  const task = run.replace(/\/taskRuns\/.*$/, '');
  const current = state.runs.get(task)?.find((r) => r.name === run);
  if (!current || !['PENDING', 'AVAILABLE', 'RUNNING'].includes(current.status ?? '')) {
    response.end('event: done\ndata: {}\n\n');
    return;
  }
  const set = logListeners.get(run) ?? new Set();
  logListeners.set(run, set.add(response));
  request.on('close', () => set.delete(response));
}
