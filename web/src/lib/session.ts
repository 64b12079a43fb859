/**
 * Who is signed in, and what the server says before anybody is.
 *
 * `expired` is true from the moment a call finds the session over until the same person has signed in
 * again: the page stays, an overlay asks for the password (features/session/SessionOverlay.tsx). All tabs have one
 * session: who signs in, or out, in one of them does so in all. A tab whose person was replaced starts anew, so that
 * nobody acts by the name of another.
 */
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { call, getJson, onDuty, onSessionEnd } from '@/api/client';
import { type ApiError, codeOf } from '@/api/error';
import type { Request } from '@/api/methods';
import { queryClient } from '@/api/query';
import type { User } from '@/api/types';
import { draftsOf } from './drafts';
import { live } from './live';
import { grantsKey } from './may';
import { paths, patterns } from './paths';
import { loadPreferences } from './preferences';

/** GET /api/bootstrap: needs no session. */
export interface Bootstrap {
  needsFirstAdmin?: boolean;
  setupTokenRequired?: boolean;
  readonly?: boolean;
  demo?: boolean;
  demoUsers?: { email: string; password: string; title: string }[];
  basaltVersion?: string;
  /** A build for tests. */
  testHooks?: boolean;
  /** False when this request carried no session cookie: then there is nobody to ask for. */
  signedIn?: boolean;
}

const BOOTSTRAP = ['bootstrap'] as const;
const ME = ['me'] as const;

export const loadBootstrap = () =>
  queryClient.ensureQueryData({ queryKey: BOOTSTRAP, queryFn: () => getJson<Bootstrap>('/api/bootstrap') });

export const useBootstrap = () =>
  useQuery({
    queryKey: BOOTSTRAP,
    queryFn: () => getJson<Bootstrap>('/api/bootstrap'),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Set while this browser has a session: its access cookie may have run out, its refresh cookie not. */
const SIGNED_IN = 'basalt.signedIn';

/** The signed-in user, or null. A stranger's first visit makes no call that fails. */
async function fetchMe(): Promise<User | null> {
  if ((await loadBootstrap()).signedIn === false) return null;
  try {
    const user = await call('UserService/GetCurrentUser', {});
    if (user.name) return known(user);
    if (localStorage.getItem(SIGNED_IN) === null) return null;
    await call('AuthService/Refresh', {});
    const renewed = await call('UserService/GetCurrentUser', {});
    return renewed.name ? known(renewed) : null;
  } catch (error) {
    if (codeOf(error) !== 'unauthenticated') throw error;
    localStorage.removeItem(SIGNED_IN);
    return null;
  }
}

/** Also what `useMay` asks for, and whose drafts and preferences these are. */
function known(user: User): User {
  draftsOf(user.name ?? '');
  // Would be refused before the person has done what they must.
  if (!user.requiredAction) void loadPreferences(user.name ?? '');
  queryClient.setQueryData(grantsKey, user);
  return user;
}

export const loadMe = () => queryClient.ensureQueryData({ queryKey: ME, queryFn: fetchMe });

export const useMe = () =>
  useQuery<User | null, ApiError>({
    queryKey: ME,
    queryFn: fetchMe,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  }).data ?? null;

let expired = false;
const listeners = new Set<() => void>();

function setExpired(value: boolean): void {
  expired = value;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSessionExpired = () => useSyncExternalStore(subscribe, () => expired);

onSessionEnd(() => {
  // Nobody was signed in yet: the router sends to the sign-in page instead.
  if (queryClient.getQueryData<User | null>(ME)) setExpired(true);
});

/** The workspace has begun to ask for something while the page was open. */
onDuty(() => {
  const { pathname, search } = window.location;
  if (pathname !== patterns.duty) window.location.assign(paths.duty(pathname + search));
});

/** `in`: this person has signed in; `out`: whoever it was has signed out. */
type Word = { type: 'in'; user: string } | { type: 'out' };

const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('basalt.session');

function tell(word: Word): void {
  tabs?.postMessage(word);
}

if (tabs) {
  tabs.onmessage = ({ data }: MessageEvent<Word>) => {
    const me = queryClient.getQueryData<User | null>(ME);
    if (!me) return;
    if (data.type === 'out') setExpired(true);
    else if (data.user !== me.name) window.location.reload();
    else if (expired) void goOn();
  };
}

/** What shows who somebody is: a password, a code from a mail, what a provider sent back, or the second step. */
export type Proof = Omit<Request<'AuthService/Login'>, 'web' | 'workspace'>;

/** @returns the token of the first step when a code is to follow; nothing once the person is in. */
export async function signIn(proof: Proof): Promise<string | undefined> {
  const { mfaTempToken } = await call('AuthService/Login', { ...proof, web: true });
  if (!mfaTempToken) await begin();
  return mfaTempToken;
}

export interface NewAccount {
  title: string;
  email: string;
  password: string;
  /** Only the first administrator may need one. */
  setupToken?: string;
}

/** Makes an account and signs in with it. */
export async function signUp({ setupToken, ...account }: NewAccount): Promise<void> {
  const headers = setupToken ? { 'Basalt-Setup-Token': setupToken } : undefined;
  await call('AuthService/Signup', account, { headers });
  queryClient.setQueryData<Bootstrap>(BOOTSTRAP, (old) => ({ ...old, needsFirstAdmin: false }));
  await signIn({ email: account.email, password: account.password });
}

async function begin(): Promise<void> {
  const me = await renewMe();
  localStorage.setItem(SIGNED_IN, '1');
  queryClient.setQueryData<Bootstrap>(BOOTSTRAP, (old) => old && { ...old, signedIn: true });
  tell({ type: 'in', user: me.name ?? '' });
  await goOn();
}

/** Asks again who this is: the person has changed themselves. */
export async function renewMe(): Promise<User> {
  const me = known(await call('UserService/GetCurrentUser', {}));
  queryClient.setQueryData(ME, me);
  return me;
}

/** There is a session again: what was refused is asked anew. */
async function goOn(): Promise<void> {
  setExpired(false);
  live.retry();
  await queryClient.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] !== ME[0] && queryKey[0] !== BOOTSTRAP[0],
  });
}

/** Ends the session and starts the page anew, so that nothing of this person stays in memory. */
export async function signOut(): Promise<void> {
  live.end();
  // What is under way would come back refused.
  await queryClient.cancelQueries();
  await call('AuthService/Logout', {});
  localStorage.removeItem(SIGNED_IN);
  tell({ type: 'out' });
  window.location.assign(paths.signIn());
}
