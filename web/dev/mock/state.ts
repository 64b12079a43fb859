/** The mock's memory, its believable beginning, and small helpers. Development only. */
import type {
  Changelog,
  Database,
  Environment,
  Instance,
  Issue,
  IssueComment,
  LogEntry,
  Plan,
  PlanCheckRun,
  Project,
  Rollout,
  TaskRun,
  User,
} from '../../src/api/types.ts';

export interface State {
  fresh: boolean;
  me: User | null;
  users: User[];
  environments: Environment[];
  projects: Map<string, Project>;
  instances: Map<string, Instance>;
  databases: Map<string, Database>;
  plans: Map<string, Plan>;
  checks: Map<string, PlanCheckRun>;
  issues: Map<string, Issue>;
  comments: Map<string, IssueComment[]>;
  rollouts: Map<string, Rollout>;
  runs: Map<string, TaskRun[]>;
  logs: Map<string, LogEntry[]>;
  changelogs: Map<string, Changelog[]>;
  sheets: Map<string, string>;
}

export const PASSWORD = 'basalt-demo-1';
export const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
export const now = () => new Date().toISOString();
let counter = 100;
export const nextId = () => String(++counter);
export const etag = () => `v${++counter}`;

export const SCHEMA_BEFORE = `CREATE TABLE public.customer (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    email text NOT NULL,
    full_name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_pkey PRIMARY KEY (id)
);

CREATE TABLE public.purchase_order (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    customer_id bigint NOT NULL,
    total_cents bigint DEFAULT 0 NOT NULL,
    placed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT purchase_order_pkey PRIMARY KEY (id),
    CONSTRAINT purchase_order_customer_fk FOREIGN KEY (customer_id) REFERENCES public.customer(id)
);

CREATE INDEX purchase_order_customer_idx ON public.purchase_order USING btree (customer_id);
`;
export const SCHEMA_AFTER = `${SCHEMA_BEFORE.replace(
  '    full_name text NOT NULL,\n',
  '    full_name text NOT NULL,\n    loyalty_tier smallint DEFAULT 0 NOT NULL,\n',
)}
CREATE TABLE public.loyalty_event (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    customer_id bigint NOT NULL,
    points integer NOT NULL,
    CONSTRAINT loyalty_event_pkey PRIMARY KEY (id)
);
`;
export const STATEMENT = `-- Loyalty programme: a tier for each customer, and its events.
ALTER TABLE customer
  ADD COLUMN loyalty_tier smallint NOT NULL DEFAULT 0;

CREATE TABLE loyalty_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL,
  points integer NOT NULL
);
`;

const user = (email: string, title: string): User => ({
  name: `users/${email}`,
  email,
  title,
  state: 'ACTIVE',
});

function instance(id: string, title: string, engine: string, version: string, environment: string): Instance {
  return {
    name: `instances/${id}`,
    title,
    state: 'ACTIVE',
    engine: engine as never,
    engineVersion: version,
    environment: `environments/${environment}`,
    activation: true,
    lastSyncTime: ago(7),
    syncStatus: 'OK',
    roles: [{ name: `instances/${id}/roles/app`, roleName: 'app', attribute: 'Login' }],
    dataSources: [
      {
        id: 'admin',
        type: 'ADMIN',
        host: `${id}.db.internal`,
        port: '5432',
        username: 'basalt',
        useSsl: true,
        verifyTlsCertificate: true,
      },
    ],
  };
}

export function database(
  inst: Instance,
  id: string,
  project: string,
  tables: number,
  size: string,
): Database {
  return {
    name: `${inst.name}/databases/${id}`,
    state: 'ACTIVE',
    project,
    successfulSyncTime: ago(7),
    syncStatus: 'OK',
    effectiveEnvironment: inst.environment,
    labels: project === 'projects/shop' ? { team: 'commerce' } : {},
    sizeBytes: size,
    tableCount: String(tables),
    instanceResource: {
      name: inst.name,
      title: inst.title,
      engine: inst.engine,
      engineVersion: inst.engineVersion,
    },
  };
}

export const state: State = {
  fresh: process.env.MOCK === 'fresh',
  me: null,
  users: [],
  environments: [
    { name: 'environments/test', id: 'test', title: 'Test', color: { red: 0.09, green: 0.5, blue: 0.24 } },
    {
      name: 'environments/staging',
      id: 'staging',
      title: 'Staging',
      color: { red: 0.6, green: 0.36, blue: 0 },
    },
    {
      name: 'environments/prod',
      id: 'prod',
      title: 'Prod',
      protected: true,
      color: { red: 0.78, green: 0.12, blue: 0.12 },
    },
  ],
  projects: new Map([['projects/default', { name: 'projects/default', title: 'Default', state: 'ACTIVE' }]]),
  instances: new Map(),
  databases: new Map(),
  plans: new Map(),
  checks: new Map(),
  issues: new Map(),
  comments: new Map(),
  rollouts: new Map(),
  runs: new Map(),
  logs: new Map(),
  changelogs: new Map(),
  sheets: new Map(),
};

export function sheet(project: string, text: string): string {
  let hash = 0;
  for (const c of text) hash = (hash * 31 + c.charCodeAt(0)) >>> 0;
  const name = `${project}/sheets/${hash.toString(16).padStart(8, '0').repeat(8)}`;
  state.sheets.set(name, text);
  return name;
}

function add<T extends { name?: string | undefined }>(map: Map<string, T>, ...items: T[]): void {
  for (const item of items) map.set(item.name ?? '', item);
}

export function seed(): void {
  if (state.fresh) return;
  state.users = [
    user('admin@example.com', 'Ann Administrator'),
    user('dba@example.com', 'Bo Dahlberg'),
    user('dev@example.com', 'Deniz Evren'),
  ];
  add(
    state.projects,
    {
      name: 'projects/shop',
      title: 'Online shop',
      state: 'ACTIVE',
      labels: { team: 'commerce' },
      enforceIssueTitle: true,
    },
    {
      name: 'projects/billing',
      title: 'Billing and invoices for all of the European subsidiaries',
      state: 'ACTIVE',
    },
    { name: 'projects/hr', title: 'People', state: 'ACTIVE' },
  );
  const test = instance('pg-test', 'PostgreSQL test', 'POSTGRES', '15.18', 'test');
  const staging = instance('pg-staging', 'PostgreSQL staging', 'POSTGRES', '15.18', 'staging');
  const prod = instance(
    'pg-prod',
    'PostgreSQL production (primary, eu-north-1)',
    'POSTGRES',
    '15.18',
    'prod',
  );
  const maria = {
    ...instance('maria-billing', 'MariaDB billing', 'MARIADB', '10.11.19', 'prod'),
    syncStatus: 'FAILED' as const,
    syncError: 'Connection refused (maria-billing.db.internal:3306)',
  };
  const lite = instance('local', 'Local files', 'SQLITE', '3.46.1', 'test');
  lite.dataSources = [{ id: 'admin', type: 'ADMIN', host: '/var/lib/shop' }];
  add(state.instances, test, staging, prod, maria, lite);
  add(
    state.databases,
    database(test, 'shop_test', 'projects/shop', 34, '48234496'),
    database(staging, 'shop_staging', 'projects/shop', 34, '512847872'),
    database(prod, 'shop_prod', 'projects/shop', 34, '87234498560'),
    database(maria, 'invoices', 'projects/billing', 112, '1204498560'),
    database(test, 'hr_test', 'projects/hr', 18, '12234496'),
    database(test, 'scratch', 'projects/default', 2, '8234496'),
    database(
      prod,
      'analytics_events_archive_2019_to_2024_read_only_replica',
      'projects/default',
      640,
      '987234498560',
    ),
    database(lite, 'till.db', 'projects/default', 5, '634496'),
  );
  state.changelogs.set('instances/pg-test/databases/shop_test', [
    {
      name: 'instances/pg-test/databases/shop_test/changelogs/c2',
      createTime: ago(55),
      status: 'DONE',
      type: 'MIGRATE',
      creator: 'users/dev@example.com',
      planTitle: 'Add loyalty tier to customer',
      taskRun: 'projects/shop/plans/12/rollout/stages/test/tasks/1/taskRuns/1',
      statement: STATEMENT,
      schema: SCHEMA_AFTER,
      prevSchema: SCHEMA_BEFORE,
      schemaSize: String(SCHEMA_AFTER.length),
    },
    {
      name: 'instances/pg-test/databases/shop_test/changelogs/c1',
      createTime: ago(60 * 26),
      status: 'DONE',
      type: 'BASELINE',
      schema: SCHEMA_BEFORE,
      schemaSize: String(SCHEMA_BEFORE.length),
    },
  ]);
}
