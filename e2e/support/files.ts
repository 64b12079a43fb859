/** Each file of journeys as a project of Playwright's: workers, and with them servers and sessions, are not shared between files. */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

const ENDING = '.spec.ts';

export function files(folder: string): { name: string; testMatch: string }[] {
  const all = readdirSync(resolve(import.meta.dirname, '..', folder)).filter((file) => file.endsWith(ENDING));
  return all.sort().map((file) => ({ name: file.slice(0, -ENDING.length), testMatch: `**/${file}` }));
}
