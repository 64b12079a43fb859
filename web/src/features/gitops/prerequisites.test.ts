import { expect, it } from 'vitest';
import { type Facts, type Prerequisite, prerequisites } from './prerequisites';
import { type Answers, problemsOf } from './workflow';

const answers: Answers = {
  platform: 'github',
  signIn: 'key',
  url: 'https://basalt.example.com',
  project: 'projects/shop',
  account: 'ci@shop.service.bytebase.com',
  targets: ['instances/pg/databases/shop'],
  files: 'migrations/*.sql',
  branch: 'main',
  stage: '',
  program: 'https://example.com/basalt',
  sha256: '',
};
const permissions = [
  ...['plans.create', 'plans.get', 'releases.check', 'releases.create', 'releases.get'],
  ...['rollouts.create', 'rollouts.get', 'taskRuns.create', 'taskRuns.list'],
].map((name) => `bb.${name}`);
const binding = { role: 'roles/pipeline', members: ['serviceAccount:ci@shop.service.bytebase.com'] };
const facts: Facts = {
  externalUrl: 'https://basalt.example.com',
  databases: [{ name: 'instances/pg/databases/shop', effectiveEnvironment: 'environments/test' }],
  account: { state: 'ACTIVE' },
  policy: { bindings: [binding] },
  roles: [{ name: 'roles/pipeline', permissions }],
};

const find = (key: Prerequisite, more: Partial<Facts> = {}, other: Partial<Answers> = {}) => {
  const given = { ...answers, ...other };
  return prerequisites({ ...facts, ...more }, given, problemsOf(given)).find((one) => one.key === key);
};

it('passes when everything is there', () => {
  const all = prerequisites(facts, answers, []);
  expect(all.filter(({ state }) => state !== 'pass')).toEqual([]);
  expect(all).toHaveLength(7);
});

it('tells what runners cannot reach from what anybody can read on its way', () => {
  expect(find('url', { externalUrl: '' })).toMatchObject({ state: 'fail', why: 'none' });
  for (const externalUrl of ['http://127.0.0.1:8080', 'http://localhost', 'https://[::1]:8080']) {
    expect(find('url', { externalUrl })).toMatchObject({ state: 'fail', why: 'local' });
  }
  expect(find('url', { externalUrl: 'http://basalt.lan' })).toMatchObject({ state: 'fail', why: 'plain' });
});

it('wants a role that holds for the account, without a condition', () => {
  const bindings = (patch: object) => ({ policy: { bindings: [{ ...binding, ...patch }] } });
  expect(
    find('role', bindings({ members: ['serviceAccount:other@shop.service.bytebase.com'] })),
  ).toMatchObject({ state: 'fail', why: 'wrong' });
  expect(find('role', bindings({ condition: { expression: 'false' } }))).toMatchObject({ state: 'fail' });
  expect(
    find('role', { roles: [{ name: 'roles/pipeline', permissions: permissions.slice(1) }] }),
  ).toMatchObject({ state: 'fail' });
  expect(find('role', { policy: undefined })).toMatchObject({ state: 'unknown' });
});

it('tells what is not answered from what is answered wrongly', () => {
  expect(find('targets', {}, { targets: [] })).toMatchObject({ state: 'fail', why: 'none' });
  expect(find('targets', {}, { targets: ['instances/pg/databases/a,b'] })).toMatchObject({ why: 'wrong' });
  expect(find('program', {}, { program: '' })).toMatchObject({ why: 'none' });
  expect(find('program', {}, { sha256: 'x' })).toMatchObject({ why: 'wrong' });
  expect(find('files', {}, { branch: '' })).toMatchObject({ why: 'none' });
  expect(find('account', {}, { account: '' })).toMatchObject({ why: 'none' });
  expect(find('role', {}, { account: '' })).toMatchObject({ state: 'unknown', why: 'first' });
  expect(find('stages', { databases: [] })).toMatchObject({ state: 'unknown', why: 'first' });
  expect(find('account', { account: { state: 'DELETED' } })).toMatchObject({ why: 'inactive' });
  expect(find('account', { account: { workloadIdentityConfig: { providerType: 'GITLAB' } } })).toMatchObject({
    state: 'fail',
    why: 'wrong',
  });
  expect(find('stages', { databases: [{ name: 'instances/pg/databases/shop' }] })).toMatchObject({
    state: 'fail',
    about: 'shop',
  });
});
