import { useEffect, useRef } from 'react';
import { useGo } from '@/hooks/useGo';
import { paths } from '@/lib/paths';
import { GO } from './shortcuts';

/** Two keys count as one shortcut when they come this close together. */
const CHORD_MS = 1000;

const TYPING = [
  'input',
  'textarea',
  'select',
  '[contenteditable="true"]',
  '[role="dialog"]',
  '[role="alertdialog"]',
  '[role="menu"]',
  '[role="listbox"]',
].join(',');

const isTyping = (target: EventTarget | null) => target instanceof Element && target.closest(TYPING) !== null;
/** A question that waits for its answer, or a session that has ended: nothing opens above it. */
const isAsked = () => document.querySelector('[role="alertdialog"], [data-session-over]') !== null;

interface On {
  search: () => void;
  help: () => void;
  /** The project one is in. */
  project: string | undefined;
}

/** The shell's keys. Single letters are ignored while somebody types. */
export function useShortcuts(on: On): void {
  const go = useGo();
  const handlers = useRef(on);
  handlers.current = on;
  useEffect(() => {
    let leader = 0;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        if (!isAsked()) handlers.current.search();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isAsked()) return;
      const { project } = handlers.current;
      const after = event.timeStamp - leader < CHORD_MS;
      leader = 0;
      if (event.key === '?') {
        event.preventDefault();
        handlers.current.help();
      } else if (event.key === 'g' && !after) {
        leader = event.timeStamp;
      } else if (after && event.key in GO) {
        go(GO[event.key as keyof typeof GO].to());
      } else if (event.key === 'c' && project) {
        event.preventDefault();
        go(paths.newPlan(project));
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [go]);
}
