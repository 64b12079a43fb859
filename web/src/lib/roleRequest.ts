/** A role that somebody is about to ask for, told by a refusal anywhere on the page; the shell shows the dialog. */
import { useSyncExternalStore } from 'react';

export interface RoleAsk {
  /** Where: `projects/shop`. */
  project: string;
  /** What was missing; roles that have it come first. */
  permissions: readonly string[];
}

let asked: RoleAsk | null = null;
/** The project of the page, where its members' roles may be asked for. */
let askable = '';
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

export function allowRoleRequests(project: string): void {
  askable = project;
  for (const listener of listeners) listener();
}

/** Whether roles can be asked for there. */
export const useCanAskFor = (project: string | undefined) =>
  useSyncExternalStore(subscribe, () => askable) === project && project !== '';

export const useRoleAsk = () => useSyncExternalStore(subscribe, () => asked);
