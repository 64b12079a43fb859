/** Answers the console's calls from memory. Development only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Issue, Plan, User } from '../../src/api/types.ts';
import { approvalRpcs, approvalSetting, gates, setRules } from './approval.ts';
import { createRollout, findTask, runChecks, runTask, seedPlans, setStatus } from './change.ts';
import { changed, events, logStream } from './events.ts';
import { queryRpcs } from './query.ts';
import { reviewRpc } from './review.ts';
import { database, etag, nextId, now, PASSWORD, seed, sheet, state } from './state.ts';

// biome-ignore lint/suspicious/noExplicitAny: requests are read loosely, as a mock may
type Body = any;

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: object[];
  constructor(status: number, code: string, reason: string, message: string, more: object[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = [
      { type: 'google.rpc.ErrorInfo', value: '', debug: { reason, domain: 'basalt', metadata: {} } },
      ...more,
    ];
  }
}
const missing = (name: string) =>
  new Refused(404, 'not_found', 'RESOURCE_NOT_FOUND', `${name} does not exist.`);

seed();
seedPlans();
if (process.env.MOCK_AS) state.me = state.users.find((u) => u.email === process.env.MOCK_AS) ?? null;

const text = (filter: string | undefined) =>
  /contains\("(.*?)"\)/.exec(filter ?? '')?.[1]?.toLowerCase() ?? '';
const value = (filter: string | undefined, field: string) =>
  new RegExp(`${field} == "(.*?)"`).exec(filter ?? '')?.[1];
const get = <T>(map: Map<string, T>, name: string): T => {
  const found = map.get(name);
  if (!found) throw missing(name);
  return found;
};
const under = <T extends { name?: string | undefined }>(map: Map<string, T>, parent: string) =>
  [...map.values()].filter((x) => parent === 'projects/-' || x.name?.startsWith(`${parent}/`)).reverse();

function savePlan(body: Body, mask: string): Plan {
  const plan = get(state.plans, body.name);
  if (body.etag && body.etag !== plan.etag) {
    throw new Refused(409, 'aborted', 'ETAG_MISMATCH', 'Somebody changed the plan since you read it.');
  }
  for (const field of mask.split(',')) Object.assign(plan, { [field]: body[field] });
  plan.etag = etag();
  plan.updateTime = now();
  changed(plan.name ?? '');
  if (mask.includes('specs')) runChecks(plan);
  return plan;
}

function setDatabase(update: Body): object {
  const db = get(state.databases, update.database.name);
  for (const field of update.updateMask.split(',')) Object.assign(db, { [field]: update.database[field] });
  if (update.updateMask.includes('environment')) db.effectiveEnvironment = update.database.environment;
  changed(db.name ?? '');
  return db;
}

function testConnection(source: Body): void {
  if (/wrong/i.test(source?.password ?? '')) {
    throw new Refused(
      400,
      'failed_precondition',
      'CONNECTION_AUTH',
      'password authentication failed for user "basalt"',
    );
  }
  if (/nowhere/i.test(source?.host ?? '')) {
    throw new Refused(
      400,
      'failed_precondition',
      'CONNECTION_NETWORK',
      'connect to nowhere:5432: Connection refused (os error 111)',
    );
  }
}

const METADATA = (name: string) => ({
  name,
  characterSet: 'UTF8',
  collation: 'en_US.UTF-8',
  owner: 'app',
  extensions: [{ name: 'pg_trgm', version: '1.6', schema: 'public', description: 'text similarity' }],
  schemas: [
    {
      name: 'public',
      tables: [
        {
          name: 'customer',
          rowCount: '182340',
          dataSize: '38273024',
          indexSize: '9437184',
          comment: 'One row a buyer.',
          columns: [
            { name: 'id', type: 'bigint', isIdentity: true },
            { name: 'email', type: 'text', comment: 'Lower case, unique.' },
            { name: 'full_name', type: 'text' },
            { name: 'country', type: 'character(2)', nullable: true },
            { name: 'created_at', type: 'timestamp with time zone', hasDefault: true, default: 'now()' },
          ],
          indexes: [
            { name: 'customer_pkey', expressions: ['id'], unique: true, primary: true, type: 'btree' },
            { name: 'customer_email_key', expressions: ['lower(email)'], unique: true, type: 'btree' },
          ],
        },
        {
          name: 'purchase_order',
          rowCount: '2418220',
          dataSize: '418273024',
          indexSize: '99437184',
          columns: [
            { name: 'id', type: 'bigint', isIdentity: true },
            { name: 'customer_id', type: 'bigint' },
            { name: 'total_cents', type: 'bigint', hasDefault: true, default: '0' },
            { name: 'placed_at', type: 'timestamp with time zone', hasDefault: true, default: 'now()' },
          ],
          indexes: [
            { name: 'purchase_order_pkey', expressions: ['id'], unique: true, primary: true, type: 'btree' },
          ],
          foreignKeys: [
            {
              name: 'purchase_order_customer_fk',
              columns: ['customer_id'],
              referencedSchema: 'public',
              referencedTable: 'customer',
              referencedColumns: ['id'],
              onDelete: 'NO ACTION',
            },
          ],
          checkConstraints: [{ name: 'total_not_negative', expression: '(total_cents >= 0)' }],
        },
        ...Array.from({ length: 30 }, (_, i) => ({
          name: `audit_${String(i + 1).padStart(2, '0')}`,
          rowCount: String(i * 1203),
          dataSize: String(i * 81920),
          columns: [{ name: 'id', type: 'bigint' }],
        })),
      ],
      views: [
        {
          name: 'customer_order_totals',
          definition:
            'SELECT c.id, sum(o.total_cents) AS total\n  FROM customer c JOIN purchase_order o ON o.customer_id = c.id\n GROUP BY c.id;',
        },
      ],
      functions: [
        { name: 'touch_updated_at()', definition: 'CREATE FUNCTION touch_updated_at() RETURNS trigger …' },
      ],
      sequences: [{ sequenceName: 'customer_id_seq', name: 'customer_id_seq', dataType: 'bigint' }],
      enumTypes: [{ name: 'order_status', values: ['new', 'paid', 'shipped'] }],
    },
  ],
});

const rpc: Record<string, (body: Body) => object | undefined> = {
  ...reviewRpc,
  'AuthService/Login': ({ email, password }) => {
    const user = state.users.find((u) => u.email === email);
    if (!user || (password !== PASSWORD && password !== user.password)) {
      throw new Refused(401, 'unauthenticated', 'WRONG_CREDENTIALS', 'Email or password is wrong.');
    }
    state.me = user;
    return { user };
  },
  'AuthService/Signup': ({ email, title, password }) => {
    const user: User = { name: `users/${email}`, email, title, password, state: 'ACTIVE' };
    state.users.push(user);
    state.fresh = false;
    return { user };
  },
  'AuthService/Logout': () => {
    state.me = null;
    return {};
  },
  'AuthService/Refresh': () => {
    throw new Refused(401, 'unauthenticated', 'NOT_SIGNED_IN', 'Sign in first.');
  },
  'UserService/GetCurrentUser': () => (state.me ? { ...state.me, workspacePermissions: MAY } : {}),
  'UserService/ListUsers': () => ({ users: state.users }),
  'UserService/CreateUser': ({ user }) => {
    const made = { ...user, name: `users/${user.email}`, state: 'ACTIVE' };
    state.users.push(made);
    return made;
  },
  'UserService/UpdateUser': ({ user }) => {
    const found = state.users.find((u) => u.name === user.name);
    if (!found) throw missing(user.name);
    return Object.assign(found, user);
  },
  'UserService/DeleteUser': ({ name }) => {
    for (const u of state.users) if (u.name === name) u.state = 'DELETED';
    return {};
  },
  'UserService/UndeleteUser': ({ name }) => {
    for (const u of state.users) if (u.name === name) u.state = 'ACTIVE';
    return {};
  },
  'RoleService/ListRoles': () => ({
    roles: [
      ['workspaceAdmin', 'Workspace admin', 149],
      ['workspaceDBA', 'Workspace DBA', 123],
      ['workspaceMember', 'Workspace member', 20],
      ['projectOwner', 'Project owner', 105],
      ['projectDeveloper', 'Project developer', 38],
      ['projectReleaser', 'Project releaser', 29],
      ['projectViewer', 'Project viewer', 15],
    ].map(([id, title, n]) => ({
      name: `roles/${id}`,
      title,
      type: 'BUILT_IN',
      description: '',
      permissions: Array.from({ length: Number(n) }, (_, i) => `bb.permission.${i}`),
    })),
  }),
  'WorkspaceService/GetIamPolicy': () => ({
    etag: '1',
    bindings: [
      { role: 'roles/workspaceAdmin', members: ['user:admin@example.com'] },
      { role: 'roles/workspaceDBA', members: ['user:dba@example.com'] },
      { role: 'roles/workspaceMember', members: ['allUsers'] },
    ],
  }),
  'WorkspaceService/SetIamPolicy': ({ policy }) => policy,
  'ProjectService/GetIamPolicy': () => ({
    etag: '1',
    bindings: [
      { role: 'roles/projectOwner', members: ['user:admin@example.com'] },
      { role: 'roles/projectDeveloper', members: ['user:dev@example.com'] },
    ],
  }),
  'ProjectService/SetIamPolicy': ({ policy }) => policy,
  'ActuatorService/SetupSample': () => {
    seed();
    seedPlans();
    return {};
  },
  'ActuatorService/GetActuatorInfo': () => ({
    basaltVersion: '0.1.0',
    signedIn: state.me !== null,
    workspace: 'workspaces/default',
    defaultProject: 'projects/default',
    externalUrl: 'http://127.0.0.1:8080',
  }),
  'SettingService/GetSetting': ({ name }) =>
    name.endsWith('ENVIRONMENT')
      ? { name, value: { environment: { environments: state.environments } } }
      : name.endsWith('APPROVAL')
        ? { name, value: approvalSetting() }
        : {
            name,
            value: {
              workspaceProfile: {
                externalUrl: 'http://127.0.0.1:8080',
                accessTokenDuration: '3600s',
                refreshTokenDuration: '604800s',
                passwordRestriction: { minLength: 8 },
              },
            },
          },
  'SettingService/UpdateSetting': ({ setting }) => {
    if (setting.value.workspaceApproval) setRules(setting.value.workspaceApproval.rules ?? []);
    const environments = setting.value.environment?.environments;
    if (environments)
      state.environments = environments.map((e: Body) => ({ ...e, name: `environments/${e.id}` }));
    changed('settings/ENVIRONMENT');
    return setting;
  },
  'AccessService/Explain': ({ resource, permissions }) =>
    state.projects.has(resource) ? {} : { missing: permissions },
  'SearchService/Search': ({ query }) => {
    const wanted = String(query).toLowerCase();
    const hits = (kind: string, list: Iterable<{ name?: string; title?: string }>) =>
      [...list]
        .map(({ name = '', title }) => ({ kind, name, title: title || name.split('/').pop() }))
        .filter(({ name, title }) => `${title} ${name}`.toLowerCase().includes(wanted));
    return {
      hits: [
        ...hits('PROJECT', state.projects.values()),
        ...hits('DATABASE', state.databases.values()),
        ...hits('INSTANCE', state.instances.values()),
        ...hits('PLAN', state.plans.values()),
      ],
    };
  },
  'ProjectService/GetProject': ({ name }) => get(state.projects, name),
  'ProjectService/SearchProjects': ({ filter }) => ({
    projects: [...state.projects.values()].filter(
      (p) =>
        (!value(filter, 'resource_id') || p.name === `projects/${value(filter, 'resource_id')}`) &&
        `${p.title} ${p.name}`.toLowerCase().includes(text(filter)),
    ),
  }),
  'ProjectService/CreateProject': ({ project, projectId }) => {
    const name = `projects/${projectId}`;
    if (state.projects.has(name))
      throw new Refused(409, 'already_exists', 'RESOURCE_EXISTS', 'A project with this id exists.');
    state.projects.set(name, { ...project, name, state: 'ACTIVE' });
    changed(name);
    return state.projects.get(name);
  },
  'ProjectService/UpdateProject': ({ project }) => Object.assign(get(state.projects, project.name), project),
  'ProjectService/DeleteProject': ({ name }) => {
    state.projects.delete(name);
    return {};
  },
  'InstanceService/ListInstances': ({ filter }) => ({
    instances: [...state.instances.values()].filter((i) => `${i.title}`.toLowerCase().includes(text(filter))),
  }),
  'InstanceService/GetInstance': ({ name }) => get(state.instances, name),
  'InstanceService/CreateInstance': ({ instance, instanceId, validateOnly }) => {
    testConnection(instance.dataSources?.[0]);
    if (validateOnly) return instance;
    const made = { ...instance, name: `instances/${instanceId}`, state: 'ACTIVE', engineVersion: '15.18' };
    state.instances.set(made.name, made);
    setTimeout(() => {
      made.lastSyncTime = now();
      made.syncStatus = 'OK';
      for (const id of ['shop_test', 'shop_prod']) {
        const db = database(made, id, 'projects/default', 34, '48234496');
        state.databases.set(db.name ?? '', db);
      }
      changed(made.name);
    }, 1500);
    return made;
  },
  'InstanceService/UpdateInstance': ({ instance }) =>
    Object.assign(get(state.instances, instance.name), instance),
  'InstanceService/UpdateDataSource': ({ name, dataSource, validateOnly }) => {
    testConnection(dataSource);
    const found = get(state.instances, name);
    if (!validateOnly) found.dataSources = [dataSource];
    return found;
  },
  'InstanceService/DeleteInstance': ({ name }) => {
    state.instances.delete(name);
    changed(name);
    return {};
  },
  'InstanceService/SyncInstance': ({ name }) => {
    get(state.instances, name).lastSyncTime = now();
    changed(name);
    return { databases: [] };
  },
  'DatabaseService/ListDatabases': ({ parent, filter, pageSize }) => {
    const project = value(filter, 'project') ?? (parent.startsWith('projects/') ? parent : undefined);
    const instance = value(filter, 'instance') ?? (parent.startsWith('instances/') ? parent : undefined);
    const environment = value(filter, 'environment');
    const assigned = /exclude_unassigned == true/.test(filter ?? '');
    const databases = [...state.databases.values()].filter(
      (d) =>
        (!project || d.project === project) &&
        (!environment || d.effectiveEnvironment === environment) &&
        (!assigned || d.project !== 'projects/default') &&
        (!instance || d.name?.startsWith(`${instance}/`)) &&
        `${d.name}`.split('/').pop()?.toLowerCase().includes(text(filter)),
    );
    return { databases: databases.slice(0, pageSize || 1000) };
  },
  'DatabaseService/GetDatabase': ({ name }) => get(state.databases, name),
  'DatabaseService/UpdateDatabase': setDatabase,
  'DatabaseService/BatchUpdateDatabases': ({ requests }) => ({ databases: requests.map(setDatabase) }),
  'DatabaseService/SyncDatabase': ({ name }) => {
    get(state.databases, name).successfulSyncTime = now();
    changed(name);
    return {};
  },
  'DatabaseService/BatchSyncDatabases': () => ({}),
  'DatabaseService/GetDatabaseMetadata': ({ name }) => METADATA(name),
  'DatabaseService/GetDatabaseSchema': () => ({ schema: 'CREATE TABLE …' }),
  'ChangelogService/ListChangelogs': ({ parent }) => ({
    changelogs: (state.changelogs.get(parent) ?? []).map(
      ({ schema, prevSchema, statement, ...rest }) => rest,
    ),
  }),
  'ChangelogService/GetChangelog': ({ name }) => {
    const found = state.changelogs.get(name.split('/changelogs')[0])?.find((c) => c.name === name);
    if (!found) throw missing(name);
    return found;
  },
  ...queryRpcs,
  'SheetService/CreateSheet': ({ parent, sheet: { content } }) => ({
    name: sheet(parent, Buffer.from(content ?? '', 'base64').toString('utf8')),
  }),
  'SheetService/GetSheet': ({ name }) => {
    const content = get(state.sheets, name);
    return { name, content: Buffer.from(content).toString('base64'), contentSize: String(content.length) };
  },
  'PlanService/GetPlan': ({ name }) => get(state.plans, name),
  'PlanService/ListPlans': ({ parent, filter, pageSize }) => ({
    plans: under(state.plans, parent)
      .reverse()
      .filter((p) => p.title?.toLowerCase().includes(text(filter)))
      .slice(0, pageSize || 1000),
  }),
  'PlanService/CreatePlan': ({ parent, plan }) => {
    const made: Plan = {
      ...plan,
      name: `${parent}/plans/${nextId()}`,
      state: 'ACTIVE',
      creator: state.me?.name,
      createTime: now(),
      updateTime: now(),
      etag: etag(),
    };
    state.plans.set(made.name ?? '', made);
    changed(made.name ?? '');
    runChecks(made);
    return made;
  },
  'PlanService/UpdatePlan': ({ plan, updateMask }) => savePlan(plan, updateMask),
  'PlanService/GetPlanCheckRun': ({ name }) => get(state.checks, name),
  'PlanService/RunPlanChecks': ({ name }) => {
    runChecks(get(state.plans, name));
    return {};
  },
  ...approvalRpcs,
  'IssueService/GetIssue': ({ name }) => get(state.issues, name),
  'IssueService/CreateIssue': ({ parent, issue }) => {
    const plan = issue.plan ? get(state.plans, issue.plan) : undefined;
    const targets = (plan?.specs ?? []).flatMap((spec) => spec.changeDatabaseConfig?.targets ?? []);
    const waiting = gates(targets);
    const approvalStatus = waiting.some((gate) => gate.status === 'PENDING') ? 'PENDING' : 'SKIPPED';
    const made: Issue = {
      ...issue,
      approvalGates: waiting,
      name: `${parent}/issues/${nextId()}`,
      status: 'OPEN',
      creator: state.me?.name,
      createTime: now(),
      updateTime: now(),
      approvalStatus,
    };
    state.issues.set(made.name ?? '', made);
    changed(made.name ?? '');
    if (!plan) return made;
    Object.assign(plan, { issue: made.name, approvalStatus, issueStatus: 'OPEN' });
    if (approvalStatus === 'SKIPPED') setTimeout(() => createRollout(plan), 800);
    return made;
  },
  'IssueService/UpdateIssue': ({ issue }) => Object.assign(get(state.issues, issue.name), issue),
  'IssueService/ListIssues': ({ parent }) => ({ issues: under(state.issues, parent) }),
  'IssueService/SearchIssues': ({ parent, filter }) => ({
    issues: /current_approver/.test(filter ?? '') ? [] : under(state.issues, parent),
  }),
  'IssueService/BatchUpdateIssuesStatus': ({ issues, status }) => {
    for (const name of issues) {
      const issue = get(state.issues, name);
      issue.status = status;
      const plan = state.plans.get(issue.plan ?? '');
      if (plan) plan.issueStatus = status;
      changed(name);
      if (plan?.name) changed(plan.name);
    }
    return {};
  },
  'IssueService/ListIssueComments': ({ parent }) => ({ issueComments: state.comments.get(parent) ?? [] }),
  'IssueService/CreateIssueComment': ({ parent, issueComment }) => {
    const list = state.comments.get(parent) ?? [];
    const made = {
      ...issueComment,
      name: `${parent}/issueComments/${nextId()}`,
      creator: state.me?.name,
      createTime: now(),
    };
    state.comments.set(parent, [...list, made]);
    changed(parent);
    return made;
  },
  'RolloutService/GetRollout': ({ name }) => get(state.rollouts, name),
  'RolloutService/CreateRollout': ({ parent }) => {
    createRollout(get(state.plans, parent));
    return state.rollouts.get(`${parent}/rollout`);
  },
  'RolloutService/ListTaskRuns': ({ parent }) => {
    const prefix = parent.split('/stages/-')[0];
    const runs = [...state.runs.entries()].filter(
      ([task]) => task === parent || (parent.includes('/-') && task.startsWith(`${prefix}/`)),
    );
    return { taskRuns: runs.flatMap(([, list]) => list) };
  },
  'RolloutService/GetTaskRunLog': ({ parent }) => ({
    name: `${parent}/log`,
    entries: state.logs.get(parent) ?? [],
  }),
  'RolloutService/BatchRunTasks': ({ tasks, runTime }) => {
    for (const task of tasks) runTask(task, state.me?.name ?? '', runTime);
    return {};
  },
  'RolloutService/BatchSkipTasks': ({ tasks, reason }) => {
    for (const name of tasks) {
      const found = findTask(name);
      if (found) found.task.skippedReason = reason;
      setStatus(name, 'SKIPPED');
    }
    return {};
  },
  'RolloutService/BatchCancelTaskRuns': ({ taskRuns }) => {
    for (const name of taskRuns) {
      const task = name.replace(/\/taskRuns\/.*$/, '');
      const found = findTask(task);
      if (found) found.task.runTime = undefined;
      setStatus(
        task,
        'CANCELED',
        state.runs.get(task)?.find((r) => r.name === name),
      );
    }
    return {};
  },
};

const engine = (kind: string, title: string, defaultPort: number, capabilities: object) => ({
  engine: kind,
  title,
  defaultPort,
  capabilities: { network: defaultPort > 0, ...capabilities },
});

/** The mock's people are all administrators; what the console asks for before it lists. */
const MAY = [
  'bb.settings.get',
  'bb.databases.list',
  'bb.instances.create',
  'bb.instances.list',
  'bb.plans.list',
  'bb.projects.create',
  'bb.reviewConfigs.create',
  'bb.reviewConfigs.delete',
  'bb.reviewConfigs.get',
  'bb.reviewConfigs.list',
  'bb.reviewConfigs.update',
];

const ENGINES = [
  engine('POSTGRES', 'PostgreSQL', 5432, { schemas: true, transactionalDdl: true, roles: true }),
  engine('MYSQL', 'MySQL', 3306, { roles: true }),
  engine('MARIADB', 'MariaDB', 3306, { roles: true }),
  engine('SQLITE', 'SQLite', 0, { transactionalDdl: true }),
];

const plain: Record<string, (url: URL) => object> = {
  '/api/engines': () => ({ engines: ENGINES }),
  '/api/bootstrap': () => ({
    needsFirstAdmin: state.fresh,
    demo: !state.fresh && process.env.MOCK_DEMO === '1',
    demoUsers:
      process.env.MOCK_DEMO === '1'
        ? state.users.map((u) => ({ email: u.email, title: u.title, password: PASSWORD }))
        : [],
    basaltVersion: '0.1.0',
  }),
};

const OPEN = new Set([
  'AuthService/Login',
  'AuthService/Signup',
  'AuthService/Refresh',
  'AuthService/Logout',
  'UserService/GetCurrentUser',
]);

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Request-Id': `mock-${nextId()}` });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
}

async function answer(method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await read(request);
    if (!OPEN.has(method) && !state.me) {
      throw new Refused(401, 'unauthenticated', 'NOT_SIGNED_IN', 'Sign in first.');
    }
    const call = rpc[method];
    if (!call) throw new Refused(501, 'unimplemented', 'NOT_IMPLEMENTED', `${method} is not in the mock.`);
    await new Promise((resolve) => setTimeout(resolve, 40));
    reply(response, 200, call(body) ?? {});
  } catch (error) {
    if (error instanceof Refused)
      reply(response, error.status, { code: error.code, message: error.message, details: error.details });
    else reply(response, 500, { code: 'internal', message: String(error) });
  }
}

export function handle(request: IncomingMessage, response: ServerResponse): boolean {
  const url = new URL(request.url ?? '/', 'http://mock');
  const rpc = /^\/(?:bytebase|basalt)\.v1\.(.+)$/.exec(url.pathname)?.[1];
  if (rpc) {
    answer(rpc, request, response);
    return true;
  }
  if (url.pathname === '/api/events') {
    events(request, response, url);
    return true;
  }
  if (url.pathname.startsWith('/api/logs/')) {
    logStream(request, response, url);
    return true;
  }
  const route = plain[url.pathname];
  if (route) reply(response, 200, route(url));
  return Boolean(route);
}
