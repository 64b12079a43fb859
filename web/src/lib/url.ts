import { paths } from './paths';

/** Where to go after signing in: only a path of our own, never another host. */
export const safeNext = (next: string | undefined) =>
  next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : paths.home();

/** The address, when it is one of the web: whatever else others wrote into a field must not become a link. */
export const webLink = (address: string | undefined) =>
  address && /^https?:\/\/[^\s/]/i.test(address) ? address : undefined;
