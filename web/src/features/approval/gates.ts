/** Where the approval of an issue stands, from its gates. Pure. */
import type { ApprovalGate, Issue } from '@/api/types';
import type { StatusKind } from '@/ui/Status';

export const gatesOf = (issue: Issue | undefined): readonly ApprovalGate[] => issue?.approvalGates ?? [];

/** Those that the reader may decide now. */
export const gatesForMe = (issue: Issue | undefined): ApprovalGate[] =>
  issue?.status === 'OPEN' ? gatesOf(issue).filter((gate) => gate.canApprove) : [];

const isOpen = ({ status }: ApprovalGate) => status === 'APPROVED' || status === 'SKIPPED';

/** Something may run already: its stages wait for nobody. */
export const someOpen = (issue: Issue | undefined) => gatesOf(issue).some(isOpen);

export const isSentBack = (issue: Issue | undefined) =>
  issue?.approvalStatus === 'REJECTED' || gatesOf(issue).some(({ status }) => status === 'REJECTED');

/** Roles whose turn it is, each once, in the order of stages. */
export const awaitedRoles = (issue: Issue | undefined): string[] => [
  ...new Set(gatesOf(issue).flatMap(({ pendingRole }) => (pendingRole ? [pendingRole] : []))),
];

/** Steps that are approved, of all steps of all gates; undefined when nobody has to approve. */
export function approvalProgress(issue: Issue | undefined): { done: number; total: number } | undefined {
  const steps = gatesOf(issue).flatMap((gate) => gate.steps ?? []);
  if (steps.length === 0) return undefined;
  return { done: steps.filter(({ status }) => status === 'APPROVED').length, total: steps.length };
}

export function gateKind({ status }: ApprovalGate): StatusKind {
  switch (status) {
    case 'APPROVED':
    case 'SKIPPED':
      return 'approved';
    case 'REJECTED':
      return 'rejected';
    case 'PENDING':
      return 'waiting';
    default:
      return 'checking';
  }
}

/** What a step is: decided, whose turn it is, or one that comes later. */
export function stepKind(gate: ApprovalGate, at: number): StatusKind {
  const status = gate.steps?.[at]?.status;
  if (status === 'APPROVED') return 'approved';
  if (status === 'REJECTED') return 'rejected';
  const first = (gate.steps ?? []).findIndex((step) => step.status !== 'APPROVED');
  return at === first && gate.status === 'PENDING' ? 'waiting' : 'notStarted';
}

/** A role's name in running text: that it is of the workspace says nothing there. */
export const shortRole = (title: string) => title.replace(/^Workspace\s+/i, '');
