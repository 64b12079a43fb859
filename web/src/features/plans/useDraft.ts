import { useEffect, useRef, useState } from 'react';
import { leaveDraft, readDraft, removeDraft, writeDraft } from '@/lib/drafts';

const PAUSE_MS = 250;

/**
 * State that survives a reload: written to IndexedDB shortly after each change, read back once.
 * `undefined` until the store has been asked.
 */
export function useDraft<T>(key: string, initial: T, isEmpty: (value: T) => boolean) {
  const [value, setValue] = useState<T>();
  const empty = useRef(isEmpty);
  const start = useRef(initial);
  useEffect(() => {
    let gone = false;
    readDraft<T>(key)
      // A browser that forbids storage still edits, it only cannot keep drafts.
      .catch(() => undefined)
      .then((stored) => !gone && setValue(stored ?? start.current));
    return () => {
      gone = true;
    };
  }, [key]);
  const pending = useRef<((leaving: boolean) => void) | null>(null);
  useEffect(() => {
    if (value === undefined) return;
    const write = (leaving: boolean) => {
      pending.current = null;
      if (leaving && !empty.current(value)) {
        try {
          leaveDraft(key, value);
          return;
        } catch {
          // Too large: IndexedDB takes it, if the page lives long enough.
        }
      }
      const done = empty.current(value) ? removeDraft(key) : writeDraft(key, value);
      done.catch(() => {
        // As above: no storage, no drafts.
      });
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
    await removeDraft(key).catch(() => {
      // Nothing was stored then.
    });
  };
  return { value, setValue, forget };
}
