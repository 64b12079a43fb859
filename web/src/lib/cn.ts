import { clsx } from 'clsx';

/** Joins class names. Later classes do not override earlier ones: components keep variants disjoint instead. */
export const cn = clsx;
