/**
 * What a refused call looks like to the console. Callers match on `reason` (stable, UPPER_SNAKE), never on
 * the message, which is only ever shown.
 */
import i18n from 'i18next';
import { durationMs } from '@/lib/time';

export interface FieldViolation {
  /** Path in the request, dotted snake_case: `plan.specs[0].id`. */
  field: string;
  description: string;
}

export interface Blocker {
  type: string;
  subject: string;
  description: string;
}

export interface PermissionDenied {
  method: string;
  permissions: string[];
  resources: string[];
}

/** Reasons that the console itself gives, beside those of the server's table. */
export type LocalReason = 'NETWORK' | 'BAD_RESPONSE';

interface Details {
  code: string;
  message: string;
  reason?: string;
  metadata?: Record<string, string>;
  fields?: FieldViolation[];
  blockers?: Blocker[];
  denied?: PermissionDenied;
  retryMs?: number;
  httpStatus?: number;
  requestId?: string;
  method: string;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Connect code: `not_found`, `permission_denied`, … */
  readonly code: string;
  readonly reason: string;
  readonly metadata: Record<string, string>;
  readonly fields: FieldViolation[];
  readonly blockers: Blocker[];
  readonly denied: PermissionDenied | undefined;
  readonly httpStatus: number;
  readonly requestId: string;
  /** `Service/Method` or the URL that was called. */
  readonly method: string;
  readonly time = new Date();
  /** When the same call may pass; undefined when waiting does not help. */
  readonly retryAt: Date | undefined;

  constructor(details: Details) {
    super(details.message);
    this.code = details.code;
    this.reason = details.reason ?? '';
    this.metadata = details.metadata ?? {};
    this.fields = details.fields ?? [];
    this.blockers = details.blockers ?? [];
    this.denied = details.denied;
    this.httpStatus = details.httpStatus ?? 0;
    this.requestId = details.requestId ?? '';
    this.method = details.method;
    this.retryAt =
      details.retryMs === undefined ? undefined : new Date(this.time.getTime() + details.retryMs);
  }

  /** The violation of a field, by the last part of its path in snake_case. */
  field(name: string): string | undefined {
    return this.fields.find(({ field }) => isAbout(field, name))?.description;
  }

  /** Whether all that it says is said beside these fields already, so that a panel would say it twice. */
  saidBeside(...names: string[]): boolean {
    return (
      this.fields.length > 0 && this.fields.every(({ field }) => names.some((name) => isAbout(field, name)))
    );
  }
}

/** `name` is the last part of the path, or the list that the path leads into. */
const isAbout = (path: string, name: string): boolean =>
  path === name || path.endsWith(`.${name}`) || path.startsWith(`${name}[`);

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;
export const reasonOf = (error: unknown): string => (isApiError(error) ? error.reason : '');
export const codeOf = (error: unknown): string => (isApiError(error) ? error.code : '');

interface WireDetail {
  type?: string;
  debug?: unknown;
}

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : []);

/** Reads a Connect error body. Each detail's decoded JSON stands in `debug`. */
export function parseError(method: string, httpStatus: number, body: unknown, requestId = ''): ApiError {
  const { code, message, details } = (body ?? {}) as {
    code?: string;
    message?: string;
    details?: WireDetail[];
  };
  const found: Details = {
    code: code ?? 'unknown',
    message: message || i18n.t('error.http', { status: httpStatus }),
    httpStatus,
    requestId,
    method,
  };
  for (const detail of details ?? []) {
    const debug = (detail.debug ?? {}) as Record<string, unknown>;
    switch (detail.type) {
      case 'google.rpc.ErrorInfo':
        found.reason = text(debug.reason);
        found.metadata = (debug.metadata ?? {}) as Record<string, string>;
        break;
      case 'google.rpc.BadRequest':
        found.fields = list(debug.fieldViolations).map((v) => ({
          field: text(v.field),
          description: text(v.description),
        }));
        break;
      case 'google.rpc.PreconditionFailure':
        found.blockers = list(debug.violations).map((v) => ({
          type: text(v.type),
          subject: text(v.subject),
          description: text(v.description),
        }));
        break;
      case 'google.rpc.RetryInfo':
        found.retryMs = durationMs(text(debug.retryDelay));
        break;
      case 'bytebase.v1.PermissionDeniedDetail':
        found.denied = {
          method: text(debug.method),
          permissions: texts(debug.requiredPermissions),
          resources: texts(debug.resources),
        };
        break;
    }
  }
  return new ApiError(found);
}

/** Somebody who can give a permission. */
export interface Grantor {
  name: string;
  email: string;
}

/** `Ada Admin <ada@example.com>`, one a line: what a refusal carries. */
export function readGrantors(lines: string | undefined): Grantor[] {
  return (lines ?? '')
    .split('\n')
    .map((line) => /^(.*) <([^<>]+)>$/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = '', email = '']) => ({ name: name || email, email }));
}
