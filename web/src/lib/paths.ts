/**
 * Every URL of the console: the patterns that routes.tsx mounts and the builders that links call.
 * URLs follow resource names, so a name pasted behind the host opens its page.
 */
import {
  databaseId,
  emailOf,
  idOf,
  instanceId,
  planId,
  projectId,
  projectOf,
  releaseId,
  taskId,
} from './names';

export const patterns = {
  home: '/',
  signIn: '/auth/signin',
  signUp: '/auth/signup',
  forgotPassword: '/auth/forgot-password',
  resetPassword: '/auth/reset-password',
  /** What a person has to do before anything else. */
  duty: '/auth/required',
  firstAdministrator: '/auth/first-administrator',
  /** Where identity providers send people back to; registered there, so it never changes. */
  signOnCallback: '/oidc/callback',
  setup: '/setup',
  projects: '/projects',
  project: '/projects/$project',
  projectDatabases: '/projects/$project/databases',
  projectIssues: '/projects/$project/issues',
  projectMembers: '/projects/$project/members',
  projectSettings: '/projects/$project/settings',
  projectServiceAccounts: '/projects/$project/service-accounts',
  projectWorkloadIdentities: '/projects/$project/workload-identities',
  projectAuditLog: '/projects/$project/audit-log',
  webhooks: '/projects/$project/webhooks',
  webhook: '/projects/$project/webhooks/$webhook',
  releases: '/projects/$project/releases',
  release: '/projects/$project/releases/$release',
  gitops: '/projects/$project/gitops',
  repositories: '/projects/$project/repositories',
  newRepository: '/projects/$project/repositories/new',
  repository: '/projects/$project/repositories/$repository',
  plans: '/projects/$project/plans',
  newPlan: '/projects/$project/plans/new',
  plan: '/projects/$project/plans/$plan',
  issue: '/projects/$project/issues/$issue',
  task: '/projects/$project/plans/$plan/tasks/$task',
  instances: '/instances',
  newInstance: '/instances/new',
  instance: '/instances/$instance',
  databases: '/databases',
  database: '/instances/$instance/databases/$database',
  changelog: '/instances/$instance/databases/$database/changelogs/$changelog',
  revision: '/instances/$instance/databases/$database/revisions/$revision',
  sqlEditor: '/sql-editor',
  sqlEditorDatabase: '/sql-editor/projects/$project/instances/$instance/databases/$database',
  environments: '/environments',
  reviewConfigs: '/sql-review',
  reviewConfig: '/sql-review/$config',
  /** Apart from the configurations, one of which may be called rules. */
  reviewRule: '/sql-rules/$type',
  apiDocs: '/docs/api',
  approvalFlows: '/approval-flows',
  users: '/users',
  groups: '/groups',
  members: '/members',
  serviceAccounts: '/service-accounts',
  workloadIdentities: '/workload-identities',
  identityProviders: '/single-sign-on',
  newIdentityProvider: '/single-sign-on/new',
  identityProvider: '/single-sign-on/$provider',
  roles: '/roles',
  role: '/roles/$role',
  auditLog: '/audit-log',
  settings: '/settings',
  myIssues: '/issues',
  account: '/account',
  devUi: '/dev/ui',
} as const;

const enc = encodeURIComponent;

function query(params: Record<string, string | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (value) search.set(key, value);
  const text = search.toString();
  return text ? `?${text}` : '';
}

const project = (name: string) => `/projects/${enc(projectId(name))}`;
const database = (name: string) => `/instances/${enc(instanceId(name))}/databases/${enc(databaseId(name))}`;
const sqlEditor = (of: string, name: string) =>
  of && name ? patterns.sqlEditor + project(of) + database(name) : patterns.sqlEditor;
const plan = (name: string) => `${project(name)}/plans/${enc(planId(name))}`;

/** Builders take resource names (`projects/shop/plans/12`), never bare ids. */
export const paths = {
  home: () => patterns.home,
  /** `by` another way than a password. */
  signIn: (next?: string, by?: 'mail' | 'password') =>
    patterns.signIn + query({ next: next && next !== '/' ? next : undefined, by }),
  signUp: (next?: string) => patterns.signUp + query({ next }),
  forgotPassword: (email?: string) => patterns.forgotPassword + query({ email }),
  resetPassword: (email?: string) => patterns.resetPassword + query({ email }),
  duty: (next?: string) => patterns.duty + query({ next: next && next !== '/' ? next : undefined }),
  firstAdministrator: () => patterns.firstAdministrator,
  setup: () => patterns.setup,
  projects: () => patterns.projects,
  project,
  projectDatabases: (name: string) => `${project(name)}/databases`,
  projectIssues: (name: string) => `${project(name)}/issues`,
  projectMembers: (name: string) => `${project(name)}/members`,
  projectSettings: (name: string) => `${project(name)}/settings`,
  projectServiceAccounts: (name: string) => `${project(name)}/service-accounts`,
  projectWorkloadIdentities: (name: string) => `${project(name)}/workload-identities`,
  projectAuditLog: (name: string) => `${project(name)}/audit-log`,
  webhooks: (name: string) => `${project(name)}/webhooks`,
  webhook: (name: string) => `${project(name)}/webhooks/${enc(idOf(name, 'webhooks'))}`,
  releases: (name: string) => `${project(name)}/releases`,
  release: (name: string) => `${project(name)}/releases/${enc(releaseId(name))}`,
  gitops: (name: string) => `${project(name)}/gitops`,
  repositories: (name: string) => `${project(name)}/repositories`,
  newRepository: (name: string) => `${project(name)}/repositories/new`,
  repository: (name: string, tab?: string) =>
    `${project(name)}/repositories/${enc(idOf(name, 'repositories'))}${query({ tab })}`,
  plans: (name: string) => `${project(name)}/plans`,
  /** `from` is the id of a draft that something else has written. */
  newPlan: (name: string, databases: readonly string[] = [], from?: string) =>
    `${project(name)}/plans/new${query({ databases: databases.join(','), from })}`,
  plan: (name: string, at: { tab?: string; task?: string } = {}) =>
    plan(name) + query({ tab: at.tab, task: taskId(at.task) }),
  task: (name: string) => `${plan(name)}/tasks/${enc(taskId(name))}`,
  issue: (name: string) => `${project(name)}/issues/${enc(idOf(name, 'issues'))}`,
  instances: () => patterns.instances,
  newInstance: () => patterns.newInstance,
  instance: (name: string) => `/instances/${enc(instanceId(name))}`,
  databases: () => patterns.databases,
  database: (name: string, tab?: string) => database(name) + query({ tab }),
  changelog: (name: string) => `${database(name)}/changelogs/${enc(idOf(name, 'changelogs'))}`,
  revision: (name: string) => `${database(name)}/revisions/${enc(idOf(name, 'revisions'))}`,
  sqlEditor: (project = '', database = '', panel?: string) => sqlEditor(project, database) + query({ panel }),
  /** Opens a statement that was run before. */
  queryHistory: (name: string, database: string) =>
    sqlEditor(projectOf(name), database) + query({ history: idOf(name, 'queryHistories') }),
  environments: () => patterns.environments,
  reviewConfigs: () => patterns.reviewConfigs,
  reviewConfig: (name: string, view: Record<string, string | undefined> = {}) =>
    `/sql-review/${enc(idOf(name, 'reviewConfigs'))}${query(view)}`,
  /** A rule by its name on the wire; `q` keeps the list beside it narrowed. */
  reviewRule: (type: string, q?: string) => `/sql-rules/${enc(type)}${query({ q })}`,
  apiDocs: (object?: string, q?: string) => `/docs/api${query({ object, q })}`,
  approvalFlows: (panel?: string) => patterns.approvalFlows + query({ panel }),
  users: () => patterns.users,
  groups: () => patterns.groups,
  /** A person has no page of their own: the list, narrowed to them. */
  user: (name: string) => patterns.users + query({ q: emailOf(name) }),
  members: () => patterns.members,
  serviceAccounts: () => patterns.serviceAccounts,
  workloadIdentities: () => patterns.workloadIdentities,
  identityProviders: () => patterns.identityProviders,
  newIdentityProvider: () => patterns.newIdentityProvider,
  identityProvider: (name: string) => `/single-sign-on/${enc(idOf(name, 'idps'))}`,
  roles: () => patterns.roles,
  role: (name: string) => `/roles/${enc(idOf(name, 'roles'))}`,
  auditLog: () => patterns.auditLog,
  settings: () => patterns.settings,
  myIssues: () => patterns.myIssues,
  account: () => patterns.account,
};
