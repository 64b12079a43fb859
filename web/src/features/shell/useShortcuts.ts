import { useEffect, useRef } from 'react';
import { useGo } from '@/hooks/useGo';
import { paths } from '@/lib/paths';

const GO = { h: paths.home, p: paths.projects, i: paths.instances, d: paths.databases };
/** Two keys count as one shortcut when they come this close together. */
const CHORD_MS = 1000;

const isTyping = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]') !==
    null;

/** The shell's keys. Single letters are ignored while somebody types. */
export function useShortcuts(on: { search: () => void; help: () => void }): void {
  const go = useGo();
  const handlers = useRef(on);
  handlers.current = on;
  useEffect(() => {
    let leader = 0;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        handlers.current.search();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') {
        event.preventDefault();
        handlers.current.help();
      } else if (event.key === 'g') {
        leader = event.timeStamp;
      } else if (event.timeStamp - leader < CHORD_MS && event.key in GO) {
        leader = 0;
        go(GO[event.key as keyof typeof GO]());
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [go]);
}
