/** What a form holds of a webhook, and what of it is sent. Address and secret are write-only: empty means that they stay. Pure. */
import type { Webhook, WebhookEvent, WebhookType } from '@/api/types';

/** In the order in which they are offered; what speaks to programs comes last. */
export const SERVICES = [
  'SLACK',
  'DISCORD',
  'TEAMS',
  'GOOGLE_CHAT',
  'DINGTALK',
  'FEISHU',
  'LARK',
  'WECOM',
  'GENERIC',
] as const satisfies readonly WebhookType[];
export type ServiceKind = (typeof SERVICES)[number];

export const EVENTS = [
  'ISSUE_CREATED',
  'ISSUE_APPROVAL_REQUESTED',
  'ISSUE_SENT_BACK',
  'ISSUE_APPROVED',
  'PIPELINE_FAILED',
  'PIPELINE_COMPLETED',
  'RELEASE_CREATED',
  'EMERGENCY_USED',
] as const satisfies readonly WebhookEvent[];
export type EventKind = (typeof EVENTS)[number];

/** Whose messages can be signed by a secret that the service gives. */
const SIGNED: readonly ServiceKind[] = ['DINGTALK', 'FEISHU', 'LARK'];
export const mayBeSigned = (type: ServiceKind) => SIGNED.includes(type);

export interface Draft {
  type: ServiceKind;
  title: string;
  url: string;
  secret: string;
  events: readonly EventKind[];
}

export const kindOf = ({ type }: Webhook): ServiceKind =>
  SERVICES.find((service) => service === type) ?? 'GENERIC';

export const eventsOf = ({ notificationTypes = [] }: Webhook): EventKind[] =>
  EVENTS.filter((event) => notificationTypes.includes(event));

export const draftOf = (webhook?: Webhook): Draft =>
  webhook
    ? {
        type: kindOf(webhook),
        title: webhook.title ?? '',
        url: '',
        secret: '',
        events: eventsOf(webhook),
      }
    : {
        type: 'SLACK',
        title: '',
        url: '',
        secret: '',
        events: ['ISSUE_APPROVAL_REQUESTED', 'PIPELINE_FAILED'],
      };

export function withEvent(draft: Draft, event: EventKind, on: boolean): Draft {
  return { ...draft, events: EVENTS.filter((one) => (one === event ? on : draft.events.includes(one))) };
}

/** The stored address goes to nobody but the service that it was given for. */
export const needsUrl = (draft: Draft, saved?: Webhook) => !saved || kindOf(saved) !== draft.type;

export function wireOf(draft: Draft, saved?: Webhook): Webhook {
  return {
    ...(saved && { name: saved.name }),
    type: draft.type,
    title: draft.title.trim(),
    url: draft.url.trim(),
    notificationTypes: [...draft.events],
    ...(mayBeSigned(draft.type) && { signingSecret: draft.secret.trim() }),
  };
}

export function maskOf(draft: Draft): string {
  const mask = ['type', 'title', 'notificationTypes'];
  if (draft.url.trim()) mask.push('url');
  if (mayBeSigned(draft.type) && draft.secret.trim()) mask.push('signingSecret');
  return mask.join(',');
}
