import { useEffect, useRef, useState } from 'react';
import { DraftSync, type Elsewhere } from '@/lib/draftSync';
import { leaveDraft, type Place, readDraft, removeDraft, writeDraft } from '@/lib/drafts';
import { loadBootstrap } from '@/lib/session';

const PAUSE_MS = 250;
/** The server is told less often: nobody changes browsers within a second. */
const SEND_MS = 1000;
/** That the server takes: a longer one names hundreds of databases. */
const LONGEST_KEY = 2000;

/** What another browser of this person has left here, while this one has something else. */
export interface NewerDraft {
  at: string | undefined;
  /** Shows that text in place of this one. */
  take: () => void;
  /** Goes on with this one. */
  keep: () => void;
}

/**
 * State that survives a reload, and is found in other browsers of the same person: written to IndexedDB shortly after
 * each change and read back once; then sent to the server (lib/draftSync.ts). `undefined` until IndexedDB has been asked.
 */
export function useDraft<T>(key: string, initial: T, isEmpty: (value: T) => boolean) {
  const [value, setValue] = useState<T>();
  const [newer, setNewer] = useState<NewerDraft>();
  const empty = useRef(isEmpty);
  const start = useRef(initial);
  const latest = useRef<T | undefined>(undefined);
  latest.current = value;
  /** What was not typed, but read: it is where it came from. */
  const read = useRef<T | undefined>(undefined);
  const place = useRef<Place>({});
  const sync = useRef<DraftSync | null>(null);
  const sending = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    let gone = false;
    const show = (next: T) => {
      read.current = next;
      latest.current = next;
      setValue(next);
    };
    const take = ({ json, etag }: Elsewhere) => {
      const next = JSON.parse(json) as T;
      place.current = { etag, sent: true };
      show(next);
      void writeDraft(key, next, place.current).catch(noStorage);
    };
    const here = new DraftSync(key, {
      take: (draft) => !gone && take(draft),
      offer: (draft) => {
        if (gone) return;
        const choose = (chosen: () => void) => () => {
          here.adopt(draft);
          place.current = { etag: draft.etag, sent: false };
          setNewer(undefined);
          chosen();
        };
        setNewer({
          at: draft.at,
          take: choose(() => take(draft)),
          keep: choose(() => void here.save(JSON.stringify(latest.current))),
        });
      },
      gone: () => {
        if (gone) return;
        place.current = {};
        show(start.current);
        void removeDraft(key).catch(noStorage);
      },
      kept: ({ json, etag }) => {
        place.current = { etag, sent: true };
        // Only what is still so: typing goes on.
        if (!gone && JSON.stringify(latest.current) === json) {
          void writeDraft(key, latest.current, place.current).catch(noStorage);
        }
      },
    });
    sync.current = here;
    readDraft<T>(key)
      // A browser that forbids storage still edits, it only cannot keep drafts.
      .catch(noStorage)
      .then(async (stored) => {
        if (gone) return;
        place.current = { etag: stored?.etag, sent: stored?.sent };
        const shown = stored ? stored.value : start.current;
        show(shown);
        // Also what was left in the tab's session storage.
        if (stored && !stored.sent) void writeDraft(key, stored.value, place.current).catch(noStorage);
        // A server that takes no writes keeps no drafts.
        if ((await loadBootstrap()).readonly || key.length > LONGEST_KEY) sync.current = null;
        else
          await here.open(
            stored && {
              json: JSON.stringify(stored.value),
              etag: stored.etag ?? '',
              sent: stored.sent ?? false,
            },
            () => latest.current !== read.current,
          );
      });
    return () => {
      gone = true;
      clearTimeout(sending.current);
    };
  }, [key]);
  const pending = useRef<((leaving: boolean) => void) | null>(null);
  useEffect(() => {
    if (value === undefined || value === read.current) return;
    const write = (leaving: boolean) => {
      pending.current = null;
      const isEmptyNow = empty.current(value);
      if (leaving && !isEmptyNow) {
        try {
          leaveDraft(key, value);
          return;
        } catch {
          // Too large: IndexedDB takes it, if the page lives long enough.
        }
      }
      place.current = { ...place.current, sent: false };
      const done = isEmptyNow ? removeDraft(key) : writeDraft(key, value, place.current);
      done.catch(noStorage);
      clearTimeout(sending.current);
      const here = sync.current;
      if (isEmptyNow) void here?.drop();
      else sending.current = setTimeout(() => here?.save(JSON.stringify(value)), SEND_MS - PAUSE_MS);
    };
    pending.current = write;
    const timer = setTimeout(() => write(false), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, value]);
  useEffect(() => {
    const leave = () => pending.current?.(true);
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      pending.current?.(false);
    };
  }, []);
  /** Forgets the draft: it was saved, or thrown away. */
  const forget = async () => {
    pending.current = null;
    clearTimeout(sending.current);
    setNewer(undefined);
    // Nobody waits for the server to forget it.
    void sync.current?.drop();
    await removeDraft(key).catch(noStorage);
  };
  return { value, setValue, forget, newer };
}

/** A browser that forbids storage: no drafts. */
function noStorage(): undefined {
  return undefined;
}
