/** What must hold before the pipeline works, judged from what Basalt can see. Pure. */
import type { Database, IamPolicy, Role, WorkloadIdentity } from '@/api/types';
import { memberOf } from '@/features/access/policy';
import { databaseId } from '@/lib/names';
import type { Answers, Field } from './workflow';

export const PIPELINE_ROLE = 'roles/gitopsServiceAgent';

/** What check and rollout call. */
const NEEDED = [
  'bb.plans.create',
  'bb.plans.get',
  'bb.releases.check',
  'bb.releases.create',
  'bb.releases.get',
  'bb.rollouts.create',
  'bb.rollouts.get',
  'bb.taskRuns.create',
  'bb.taskRuns.list',
] as const;

export const PREREQUISITES = ['url', 'files', 'targets', 'stages', 'account', 'role', 'program'] as const;
export type Prerequisite = (typeof PREREQUISITES)[number];

export interface Finding {
  key: Prerequisite;
  /** `unknown`: it cannot be told yet, or the reader may not see it. */
  state: 'pass' | 'fail' | 'unknown';
  /** Which of the ways in which it fails; `first` stands for what has to be answered before. */
  why?: 'none' | 'first' | 'local' | 'plain' | 'wrong' | 'inactive';
  /** What it is about. */
  about?: string;
}

export interface Facts {
  /** As the workspace's settings have it; undefined while it is not known. */
  externalUrl: string | undefined;
  /** Of the answers' targets those that are known. */
  databases: readonly Database[];
  /** A service account has no configuration. */
  account: WorkloadIdentity | undefined;
  /** Undefined for who may not see it. */
  policy: IamPolicy | undefined;
  roles: readonly Role[];
}

const LOCAL = /^(localhost|127\.|0\.0\.0\.0$|\[::1?\]$)/i;

/** An address that nobody else reaches. */
export const isLocalAddress = (address: string) =>
  !URL.canParse(address) || LOCAL.test(new URL(address).hostname);

function url({ externalUrl = '' }: Facts): Omit<Finding, 'key'> {
  if (!externalUrl) return { state: 'fail', why: 'none' };
  const about = externalUrl;
  if (isLocalAddress(externalUrl)) return { state: 'fail', why: 'local', about };
  return new URL(externalUrl).protocol === 'https:'
    ? { state: 'pass', about }
    : { state: 'fail', why: 'plain', about };
}

function stages({ databases }: Facts): Omit<Finding, 'key'> {
  if (databases.length === 0) return { state: 'unknown', why: 'first' };
  const without = databases.filter(({ effectiveEnvironment }) => !effectiveEnvironment);
  if (without.length === 0) return { state: 'pass' };
  return { state: 'fail', why: 'none', about: without.map(({ name }) => databaseId(name)).join(', ') };
}

function account({ account: found }: Facts, answers: Answers): Omit<Finding, 'key'> {
  if (!answers.account) return { state: 'fail', why: 'none' };
  const about = answers.account;
  if (found?.state === 'DELETED') return { state: 'fail', why: 'inactive', about };
  const provider = found?.workloadIdentityConfig?.providerType?.toLowerCase() ?? answers.platform;
  return provider === answers.platform ? { state: 'pass', about } : { state: 'fail', why: 'wrong', about };
}

/** Whether roles that hold without a condition give the account all that a pipeline calls. */
function role({ policy, roles }: Facts, answers: Answers): Omit<Finding, 'key'> {
  if (!answers.account) return { state: 'unknown', why: 'first' };
  if (!policy) return { state: 'unknown' };
  const member = memberOf(answers.account);
  const bindings = (policy.bindings ?? []).filter(
    ({ members = [], condition }) => members.includes(member) && !condition?.expression,
  );
  const has = new Set(
    bindings.flatMap((binding) => roles.find(({ name }) => name === binding.role)?.permissions ?? []),
  );
  return NEEDED.every((permission) => has.has(permission))
    ? { state: 'pass' }
    : { state: 'fail', why: 'wrong', about: answers.account };
}

/** In the order of the form. */
export function prerequisites(facts: Facts, answers: Answers, problems: readonly Field[]): Finding[] {
  const field = (...names: Field[]) => !names.some((name) => problems.includes(name));
  const answered = (good: boolean, isEmpty: boolean): Omit<Finding, 'key'> =>
    good ? { state: 'pass' } : { state: 'fail', why: isEmpty ? 'none' : 'wrong' };
  const all: Record<Prerequisite, Omit<Finding, 'key'>> = {
    url: url(facts),
    files: answered(field('files', 'branch'), !answers.files || !answers.branch),
    targets: answered(field('targets'), answers.targets.length === 0),
    stages: stages(facts),
    account: account(facts, answers),
    role: role(facts, answers),
    program: { ...answered(field('program', 'sha256'), !answers.program), about: answers.program },
  };
  return PREREQUISITES.map((key) => ({ key, ...all[key] }));
}
