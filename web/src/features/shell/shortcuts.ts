/** The shell's keys: what listens for them, the help dialog, the palette and tooltips all read this. */
import { paths } from '@/lib/paths';

export interface Shortcut {
  id:
    | 'search'
    | 'help'
    | 'home'
    | 'projects'
    | 'instances'
    | 'databases'
    | 'environments'
    | 'myIssues'
    | 'sqlEditor'
    | 'newPlan'
    | 'save'
    | 'run'
    | 'runAll'
    | 'close';
  keys: readonly string[];
}

/** Pressed after `g`. */
export const GO = {
  h: { id: 'home', to: paths.home },
  p: { id: 'projects', to: paths.projects },
  i: { id: 'instances', to: paths.instances },
  d: { id: 'databases', to: paths.databases },
  e: { id: 'environments', to: paths.environments },
  m: { id: 'myIssues', to: paths.myIssues },
  q: { id: 'sqlEditor', to: () => paths.sqlEditor() },
} as const;

/** In the order of the help dialog. */
export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'search', keys: ['Mod', 'K'] },
  { id: 'help', keys: ['?'] },
  ...Object.entries(GO).map(([key, { id }]) => ({ id, keys: ['g', key] })),
  { id: 'newPlan', keys: ['c'] },
  { id: 'save', keys: ['Mod', 'S'] },
  { id: 'run', keys: ['Mod', 'Enter'] },
  { id: 'runAll', keys: ['Mod', 'Shift', 'Enter'] },
  { id: 'close', keys: ['Esc'] },
];

export const keysOf = (id: string): readonly string[] | undefined =>
  SHORTCUTS.find((shortcut) => shortcut.id === id)?.keys;
