import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import { readPreference, watchPreferences, writePreference } from '@/lib/preferences';

/** A preference (which menu groups are open, row density), the same wherever it is shown. Never anything that matters. */
export function useStored<T>(key: string, initial: T): [T, (value: T) => void] {
  const first = useRef(initial).current;
  const text = useSyncExternalStore(watchPreferences, () => readPreference(key));
  const value = useMemo(() => {
    if (text === null) return first;
    try {
      return JSON.parse(text) as T;
    } catch {
      return first; // Written by another version: the preference starts anew.
    }
  }, [text, first]);
  const set = useCallback((next: T) => writePreference(key, JSON.stringify(next)), [key]);
  return [value, set];
}
