/** A role that somebody is about to ask for, told by a refusal anywhere on the page; the shell shows the dialog. */
import { useSyncExternalStore } from 'react';

export interface RoleAsk {
  /** Where: `projects/shop`. */
  project: string;
  /** What was missing; roles that have it come first. */
  permissions: readonly string[];
}

let asked: RoleAsk | null = null;
const listeners = new Set<() => void>();

function set(next: RoleAsk | null): void {
  asked = next;
  for (const listener of listeners) listener();
}

export const askForRole = (ask: RoleAsk) => set(ask);
export const endRoleRequest = () => set(null);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useRoleAsk = () => useSyncExternalStore(subscribe, () => asked);
