/**
 * How this person likes the console. Kept in this browser's local storage, so that it is there before the first paint, and on
 * the server, so that other browsers of the same person have it: what is chosen in one of them holds in the others when they
 * start. What belongs to one screen (the height of a part, the last text) stays in its browser.
 */
import { call } from '@/api/client';

const PREFIX = 'basalt.';
/** Beginnings of the keys that go along. */
const SHARED = ['theme', 'list.', 'log.wrap', 'nav.', 'gettingStarted.hidden'];
const PAUSE_MS = 1000;

const listeners = new Set<(key: string) => unknown>();
const waiting = new Map<string, string>();
let timer: ReturnType<typeof setTimeout> | undefined;
let asked = '';

/** The text of a preference, or null. */
export const readPreference = (key: string): string | null => localStorage.getItem(PREFIX + key);

export function writePreference(key: string, text: string): void {
  keep(key, text);
  if (!asked || !SHARED.some((start) => key.startsWith(start))) return;
  waiting.set(key, text);
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE_MS);
}

/** Hears of each that changes, in this window or another, or on the server. */
export function watchPreferences(listener: (key: string) => unknown): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Somebody is signed in: what they chose elsewhere holds here. Once a person and page. */
export async function loadPreferences(user: string): Promise<void> {
  if (!user || asked === user) return;
  asked = user;
  try {
    const { values = {} } = await call('PreferenceService/GetPreferences', {});
    for (const [key, text] of Object.entries(values)) {
      // Not what was chosen here since the question was asked.
      if (!waiting.has(key) && readPreference(key) !== text) keep(key, text);
    }
  } catch {
    // What this browser knows is good enough.
  }
}

function keep(key: string, text: string): void {
  localStorage.setItem(PREFIX + key, text);
  tell(key);
}

const tell = (key: string) => {
  for (const listener of listeners) listener(key);
};

// Other windows of this browser share the storage.
globalThis.window?.addEventListener('storage', ({ key }) => {
  if (key?.startsWith(PREFIX)) tell(key.slice(PREFIX.length));
});

async function send(): Promise<void> {
  const values = Object.fromEntries(waiting);
  waiting.clear();
  try {
    await call('PreferenceService/UpdatePreferences', { values });
  } catch {
    // It holds in this browser all the same.
  }
}
