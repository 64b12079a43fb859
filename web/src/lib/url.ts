import { paths } from './paths';

/** Where to go after signing in: only a path of our own, never another host. */
export const safeNext = (next: string | undefined) =>
  next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : paths.home();
