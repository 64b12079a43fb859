/**
 * What was typed and not saved, in IndexedDB, so that a reload or a crash loses nothing. One record a key;
 * a draft older than 30 days is dropped when the store is opened. A page that is being left cannot wait for
 * IndexedDB: its last words go to the tab's session storage, which is read first. Drafts belong to the person who
 * wrote them: whoever signs in next on this computer does not see them.
 */

const DATABASE = 'basalt';
const STORE = 'drafts';
const KEEP_MS = 30 * 24 * 3600 * 1000;

interface DraftRecord extends Place {
  key: string;
  value: unknown;
  at: number;
}

/** What the server knew of a draft when it was written here (lib/draftSync.ts). */
export interface Place {
  /** The version it goes on from. */
  etag?: string;
  /** The server has exactly this. */
  sent?: boolean;
}

let owner = '';

/** Whose drafts are read and written from now on. */
export function draftsOf(user: string): void {
  owner = user;
}

const owned = (key: string) => `${owner} ${key}`;

let opening: Promise<IDBDatabase> | null = null;

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open(): Promise<IDBDatabase> {
  opening ??= (async () => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    const database = await done(request);
    const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
    const records: DraftRecord[] = await done(store.getAll());
    for (const record of records) if (record.at < Date.now() - KEEP_MS) store.delete(record.key);
    return database;
  })();
  return opening;
}

const store = async (mode: IDBTransactionMode) => (await open()).transaction(STORE, mode).objectStore(STORE);

const leftKey = (key: string) => `basalt.draft:${owned(key)}`;

/** The draft, or undefined. */
export async function readDraft<T>(key: string): Promise<({ value: T } & Place) | undefined> {
  const left = sessionStorage.getItem(leftKey(key));
  const record: DraftRecord | undefined = await done((await store('readonly')).get(owned(key)));
  if (left !== null) return { value: JSON.parse(left) as T, etag: record?.etag, sent: false };
  return record && { value: record.value as T, etag: record.etag, sent: record.sent };
}

export async function writeDraft(key: string, value: unknown, place: Place = {}): Promise<void> {
  sessionStorage.removeItem(leftKey(key));
  await done(
    (await store('readwrite')).put({
      ...place,
      key: owned(key),
      value,
      at: Date.now(),
    } satisfies DraftRecord),
  );
}

/** At once, for a page that is being left. Throws when the text is larger than the browser keeps. */
export const leaveDraft = (key: string, value: unknown): void =>
  sessionStorage.setItem(leftKey(key), JSON.stringify(value));

export async function removeDraft(key: string): Promise<void> {
  sessionStorage.removeItem(leftKey(key));
  await done((await store('readwrite')).delete(owned(key)));
}

/** All drafts whose key begins so, by key. */
export async function listDrafts<T>(prefix: string): Promise<Map<string, T>> {
  const range = IDBKeyRange.bound(owned(prefix), `${owned(prefix)}\uffff`);
  const records: DraftRecord[] = await done((await store('readonly')).getAll(range));
  const found = new Map(records.map(({ key, value }) => [key.slice(owned('').length), value as T]));
  for (let i = 0; i < sessionStorage.length; i += 1) {
    const left = sessionStorage.key(i) ?? '';
    if (!left.startsWith(leftKey(prefix))) continue;
    const value = JSON.parse(sessionStorage.getItem(left) ?? 'null') as T;
    found.set(left.slice(leftKey('').length), value);
  }
  return found;
}
