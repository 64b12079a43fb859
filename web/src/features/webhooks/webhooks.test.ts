import { describe, expect, it } from 'vitest';
import { draftOf, maskOf, needsUrl, wireOf, withEvent } from './webhooks';

const saved = {
  name: 'projects/shop/webhooks/1',
  type: 'FEISHU',
  title: 'Releases',
  notificationTypes: ['RELEASE_CREATED', 'ISSUE_CREATED'],
  signingSecretSet: true,
} as const;
const webhook = { ...saved, notificationTypes: [...saved.notificationTypes] };

describe('a webhook in a form', () => {
  it('keeps what nobody can read', () => {
    const draft = draftOf(webhook);
    expect(draft).toMatchObject({ url: '', secret: '', events: ['ISSUE_CREATED', 'RELEASE_CREATED'] });
    expect(maskOf(draft)).toBe('type,title,notificationTypes');
    expect(maskOf({ ...draft, url: ' https://x ', secret: 's' })).toBe(
      'type,title,notificationTypes,url,signingSecret',
    );
  });

  it('asks for the address of another service, and sends a secret only where one is taken', () => {
    const draft = draftOf(webhook);
    expect(needsUrl(draft, webhook)).toBe(false);
    const other = { ...draft, type: 'SLACK', secret: 'left over' } as const;
    expect(needsUrl(other, webhook)).toBe(true);
    expect(needsUrl(draft)).toBe(true);
    expect(wireOf(other, webhook)).not.toHaveProperty('signingSecret');
    expect(maskOf(other)).not.toContain('signingSecret');
    expect(wireOf({ ...draft, secret: ' s ' }, webhook)).toMatchObject({
      name: saved.name,
      signingSecret: 's',
    });
  });

  it('has its events in one order', () => {
    const draft = withEvent(withEvent(draftOf(), 'EMERGENCY_USED', true), 'ISSUE_CREATED', true);
    expect(draft.events).toEqual([
      'ISSUE_CREATED',
      'ISSUE_APPROVAL_REQUESTED',
      'PIPELINE_FAILED',
      'EMERGENCY_USED',
    ]);
    expect(withEvent(draft, 'ISSUE_CREATED', false).events).not.toContain('ISSUE_CREATED');
  });
});
