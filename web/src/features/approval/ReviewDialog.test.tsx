// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { ApprovalGate, Issue } from '@/api/types';
import { initI18n } from '@/lib/i18n';
import { ReviewDialog } from './ReviewDialog';

const gate = (environment: string): ApprovalGate => ({
  environment,
  stages: [environment],
  status: 'PENDING',
  pendingRole: 'roles/workspaceDBA',
  canApprove: true,
});
const staging = gate('environments/staging');
const prod = gate('environments/prod');
const issue: Issue = {
  name: 'projects/shop/issues/7',
  status: 'OPEN',
  approvalRevision: 'r1',
  approvalGates: [staging, prod],
};

const sent: [method: string, request: Record<string, unknown>][] = [];
let refusal: { code: string; message: string } | undefined;

beforeAll(() => initI18n());

beforeEach(() => {
  sent.length = 0;
  refusal = undefined;
  vi.stubGlobal('fetch', (url: string, init: { body?: string }) => {
    const method = url.replace('/bytebase.', '');
    if (!/Issue/.test(method)) return Promise.resolve(new Response('{}'));
    sent.push([method, JSON.parse(init.body ?? '{}')]);
    const status = refusal ? 409 : 200;
    return Promise.resolve(new Response(JSON.stringify(refusal ?? {}), { status }));
  });
});

function show(of: Issue, gates: readonly ApprovalGate[]) {
  const onClose = vi.fn();
  const client = new QueryClient();
  const dialog = (now: Issue) => (
    <QueryClientProvider client={client}>
      <ReviewDialog issue={now} gates={gates} onClose={onClose} />
    </QueryClientProvider>
  );
  const { rerender } = render(dialog(of));
  return { onClose, becomes: (now: Issue) => rerender(dialog(now)) };
}

const submit = () => fireEvent.click(screen.getByRole('button', { name: 'Submit review' }));
const alerts = () => screen.queryAllByRole('alert').map((alert) => alert.textContent);

it('sends nothing before there is a decision, and nothing back without a word', async () => {
  show(issue, [prod]);
  submit();
  expect(alerts()).toEqual(['Choose one.']);
  fireEvent.click(screen.getByRole('radio', { name: 'Request changes' }));
  submit();
  expect(alerts()).toEqual(['Write a comment']);
  expect(sent).toEqual([]);
});

it('decides the gates that were chosen, each by name and with what was read', async () => {
  const { onClose } = show(issue, [staging, prod]);
  fireEvent.click(screen.getByRole('radio', { name: 'Approve' }));
  fireEvent.click(screen.getByRole('checkbox', { name: /staging/ }));
  submit();
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent).toEqual([
    [
      'v1.IssueService/ApproveIssue',
      {
        name: issue.name,
        comment: '',
        approvalRevision: 'r1',
        environment: 'environments/prod',
      },
    ],
  ]);
});

it('tells when somebody was faster', async () => {
  const { becomes } = show(issue, [prod]);
  expect(alerts()).toEqual([]);
  becomes({ ...issue, approvalGates: [staging, { ...prod, status: 'APPROVED', canApprove: false }] });
  expect(alerts().join()).toContain('Somebody has decided meanwhile');
});

it('tells what the server refuses, and stays', async () => {
  refusal = { code: 'aborted', message: 'the step is decided' };
  const { onClose } = show(issue, [prod]);
  fireEvent.click(screen.getByRole('radio', { name: 'Approve' }));
  submit();
  await waitFor(() => expect(alerts().join()).toContain('the step is decided'));
  expect(alerts().join()).toContain('Somebody has decided meanwhile');
  expect(onClose).not.toHaveBeenCalled();
});
