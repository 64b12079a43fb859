/** Light, dark or the system's choice; a preference. theme-before-paint.js applies it at load. */
import { useSyncExternalStore } from 'react';
import { readPreference, watchPreferences, writePreference } from './preferences';

export type ThemeChoice = 'light' | 'dark' | 'system';
export const THEME_CHOICES: readonly ThemeChoice[] = ['light', 'dark', 'system'];

const KEY = 'theme';
const media = () => window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function stored(): ThemeChoice {
  const value = readPreference(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

function apply(choice: ThemeChoice): void {
  const dark = choice === 'dark' || (choice === 'system' && media().matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

export function setTheme(choice: ThemeChoice): void {
  writePreference(KEY, choice);
}

/** Follows the system, other tabs and other browsers while the page is open. */
export function watchTheme(): void {
  media().addEventListener('change', () => apply(stored()));
  watchPreferences((key) => key === KEY && apply(stored()));
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useThemeChoice = () => useSyncExternalStore(subscribe, stored);
export const useIsDark = () =>
  useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme === 'dark');
