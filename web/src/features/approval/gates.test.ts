import { expect, it } from 'vitest';
import type { ApprovalGate, Issue } from '@/api/types';
import {
  approvalProgress,
  awaitedRoles,
  gateKind,
  gatesForMe,
  isSentBack,
  someOpen,
  stepKind,
} from './gates';

const prod: ApprovalGate = {
  environment: 'environments/prod',
  status: 'PENDING',
  pendingRole: 'roles/workspaceDBA',
  canApprove: true,
  steps: [
    { role: 'roles/projectOwner', status: 'APPROVED', principal: 'users/ann@x.io' },
    { role: 'roles/workspaceDBA', status: 'PENDING' },
    { role: 'roles/workspaceAdmin', status: 'PENDING' },
  ],
};
const test: ApprovalGate = { environment: 'environments/test', status: 'SKIPPED' };
const issue: Issue = { status: 'OPEN', approvalStatus: 'PENDING', approvalGates: [test, prod] };

it('tells what waits for whom', () => {
  expect(gatesForMe(issue)).toEqual([prod]);
  expect(gatesForMe({ ...issue, status: 'DONE' })).toEqual([]);
  expect(awaitedRoles({ ...issue, approvalGates: [prod, { ...prod, environment: '' }] })).toEqual([
    'roles/workspaceDBA',
  ]);
  expect(approvalProgress(issue)).toEqual({ done: 1, total: 3 });
  expect(approvalProgress({ approvalGates: [test] })).toBeUndefined();
  expect(someOpen(issue)).toBe(true);
  expect(someOpen({ approvalGates: [prod] })).toBe(false);
});

it('is sent back by one gate', () => {
  expect(isSentBack(issue)).toBe(false);
  expect(isSentBack({ ...issue, approvalGates: [test, { ...prod, status: 'REJECTED' }] })).toBe(true);
  expect(isSentBack(undefined)).toBe(false);
});

it('shows each step and gate by what it is', () => {
  expect([0, 1, 2].map((at) => stepKind(prod, at))).toEqual(['approved', 'waiting', 'notStarted']);
  const rejected: ApprovalGate = {
    status: 'REJECTED',
    steps: [{ status: 'REJECTED' }, { status: 'PENDING' }],
  };
  expect([0, 1].map((at) => stepKind(rejected, at))).toEqual(['rejected', 'notStarted']);
  expect([test, prod, rejected, {}].map(gateKind)).toEqual(['approved', 'waiting', 'rejected', 'checking']);
});
