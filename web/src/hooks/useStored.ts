import { useCallback, useState } from 'react';

/** A preference of this browser (which menu groups are open, row density). Never anything that matters. */
export function useStored<T>(key: string, initial: T): [T, (value: T) => void] {
  const name = `basalt.${key}`;
  const [value, setValue] = useState<T>(() => {
    const text = localStorage.getItem(name);
    if (text === null) return initial;
    try {
      return JSON.parse(text) as T;
    } catch {
      return initial; // Written by another version: the preference starts anew.
    }
  });
  const set = useCallback(
    (next: T) => {
      localStorage.setItem(name, JSON.stringify(next));
      setValue(next);
    },
    [name],
  );
  return [value, set];
}
