/** Releases that were made one after the other for the same thing: their names differ in the iteration at the end. Pure. */
import type { Release } from '@/api/types';
import { releaseId } from '@/lib/names';

/** `release_20261127-RC03` is of the train `release_20261127-RC`. */
export const trainOf = (release: string) => release.replace(/\d+$/, '');

/** Each once, in the order of the releases. */
export const trainsOf = (releases: readonly Release[]): string[] => [
  ...new Set(releases.map(({ name }) => trainOf(releaseId(name))).filter(Boolean)),
];
