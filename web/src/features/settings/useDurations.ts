/** Fields of durations keep a text of their own: which of them hold none, and that they begin anew when the edit is dropped. */
import { useState } from 'react';

export function useDurations() {
  const [bad, setBad] = useState<ReadonlySet<string>>(new Set());
  const [round, setRound] = useState(0);
  return {
    wrong: bad.size > 0,
    /** The key of what is to begin anew. */
    round,
    reset: () => {
      setBad(new Set());
      setRound(round + 1);
    },
    /** Notes what was typed, and gives it as the setting has it. */
    taken: (key: string, duration: string | undefined | null): string | undefined => {
      const next = new Set(bad);
      if (duration === null) next.add(key);
      else next.delete(key);
      setBad(next);
      return duration ?? undefined;
    },
  };
}
