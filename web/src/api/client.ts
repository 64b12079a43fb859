/**
 * Calls the server: Connect over HTTP with JSON, cookies for the session.
 *
 * A call that comes back `unauthenticated` renews the session once, for all waiting calls together, and is
 * repeated. When that fails, the session is over: `onSessionEnd` is told and the caller gets the error.
 */
import i18n from 'i18next';
import { ApiError, isApiError, parseError } from './error';
import { type Response as Answer, type Method, pathOf, type Request } from './methods';

const RENEW: Method = 'AuthService/Refresh';
/** Calls whose own 401 means "wrong password", not "session over". */
const WITHOUT_SESSION: ReadonlySet<string> = new Set<Method>([
  'AuthService/GetAuthenticationRestriction',
  'AuthService/Login',
  'AuthService/RequestPasswordReset',
  'AuthService/ResetPassword',
  'AuthService/SendEmailLoginCode',
  'AuthService/Signup',
  RENEW,
]);

let sessionEnded: (error: ApiError) => void = () => {};

/** One listener: the session layer. */
export function onSessionEnd(listener: (error: ApiError) => void): void {
  sessionEnded = listener;
}

/** Refusals of everything, until the person has done one thing. */
const DUTIES: ReadonlySet<string> = new Set(['PASSWORD_CHANGE_REQUIRED', 'SECOND_FACTOR_REQUIRED']);
let dutyFound: () => void = () => {};

/** One listener: the session layer. */
export function onDuty(listener: () => void): void {
  dutyFound = listener;
}

interface Options {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

const unreachable = (label: string) =>
  new ApiError({
    code: 'unavailable',
    reason: 'NETWORK',
    message: i18n.t('error.network'),
    method: label,
  });

const notJson = (label: string, httpStatus: number) =>
  new ApiError({
    code: 'unknown',
    reason: 'BAD_RESPONSE',
    message: i18n.t('error.notJson'),
    method: label,
    httpStatus,
  });

async function send(label: string, url: string, init: RequestInit): Promise<globalThis.Response> {
  let response: globalThis.Response;
  try {
    response = await fetch(url, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw unreachable(label);
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw parseError(label, response.status, body, response.headers.get('x-request-id') ?? '');
}

async function json(label: string, response: globalThis.Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw notJson(label, response.status);
  }
}

function postFor(method: string, request: unknown, options: Options): Promise<globalThis.Response> {
  return send(method, pathOf(method), {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Connect-Protocol-Version': '1',
      ...options.headers,
    },
    body: JSON.stringify(request),
    signal: options.signal,
  });
}

const post = (method: string, request: unknown, options: Options): Promise<unknown> =>
  postFor(method, request, options).then((response) => json(method, response));

let renewal: Promise<void> | null = null;

function renewSession(): Promise<void> {
  renewal ??= post(RENEW, {}, {})
    .then(() => undefined)
    .finally(() => {
      renewal = null;
    });
  return renewal;
}

async function withSession<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (isApiError(error) && DUTIES.has(error.reason)) dutyFound();
    if (!isApiError(error) || error.code !== 'unauthenticated') throw error;
    try {
      await renewSession();
    } catch (renewError) {
      if (isApiError(renewError) && renewError.reason === 'NETWORK') throw renewError;
      sessionEnded(error);
      throw error;
    }
    return attempt();
  }
}

/** Calls one rpc. Throws ApiError. */
export function call<M extends Method>(
  method: M,
  request: Request<M>,
  options: Options = {},
): Promise<Answer<M>> {
  const attempt = () => post(method, request, options) as Promise<Answer<M>>;
  return WITHOUT_SESSION.has(method) ? attempt() : withSession(attempt);
}

/** Calls one rpc for its answer piece by piece, for a reader of its own: megabytes at once would hold up the page. */
export async function* callBytes(method: Method, request: object, options: Options = {}) {
  const response = await withSession(() => postFor(method, request, options));
  const reader = response.body?.getReader();
  while (reader) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** GET of a plain JSON route (`/api/…`). Throws ApiError. */
export function getJson<T>(url: string, options: Options = {}): Promise<T> {
  return withSession(() =>
    send(url, url, { signal: options.signal }).then((response) => json(url, response) as Promise<T>),
  );
}

interface UploadOptions {
  signal?: AbortSignal;
  /** Bytes that are on their way. */
  onProgress?: (sent: number) => void;
}

/** PUT of raw bytes, streamed from where they are and answered with JSON. Throws ApiError. */
export function putBytes<T>(url: string, body: Blob, options: UploadOptions = {}): Promise<T> {
  return withSession(() => put<T>(url, body, options));
}

/** By XMLHttpRequest: fetch does not tell how much of a body was sent. */
function put<T>(url: string, body: Blob, { signal, onProgress }: UploadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded }) => onProgress?.(loaded);
    request.onerror = () => reject(unreachable(url));
    request.onabort = () => reject(new DOMException('', 'AbortError'));
    request.onload = () => {
      let answer: unknown;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = undefined; // Told below, by what the status says.
      }
      const { status } = request;
      if (status < 200 || status > 299) {
        reject(parseError(url, status, answer, request.getResponseHeader('x-request-id') ?? ''));
      } else if (answer === undefined) reject(notJson(url, status));
      else resolve(answer as T);
    };
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}
