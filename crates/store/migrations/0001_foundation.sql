-- The metadata of Basalt, in PostgreSQL's words; db.rs rewrites types for SQLite. A landed file is never edited.
--
-- Conventions: times are BIGINT microseconds since 1970 UTC; `version` counts changes of a row and is its etag; `payload`
-- is the JSON of a struct in src/rows/, with a "v" that says which shape; `search` is lower-cased text for look-ups;
-- names and keys that are paged over are COLLATE "C". Secrets are AES-GCM blobs (secrets.rs) and stand in `secret` only.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE secret (
  owner TEXT NOT NULL,          -- resource name
  field TEXT NOT NULL,          -- data_source/admin/password
  body BYTEA NOT NULL,
  PRIMARY KEY (owner, field)
);

CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY,
  size BIGINT NOT NULL,         -- bytes before compression
  body BYTEA NOT NULL           -- zstd
);

CREATE TABLE event (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  etag TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX event_created ON event (created_at);

CREATE TABLE audit (
  seq BIGINT PRIMARY KEY,
  created_at BIGINT NOT NULL,
  request_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  method TEXT NOT NULL,
  resource TEXT NOT NULL,
  verdict TEXT NOT NULL,        -- begun, allowed, denied, failed
  code TEXT NOT NULL,
  client_ip TEXT NOT NULL,
  detail TEXT NOT NULL,         -- redacted request and what else is known; hashed as it stands
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_resource ON audit (resource, seq);
CREATE INDEX audit_actor ON audit (actor, seq);

CREATE TABLE app_user (
  email TEXT COLLATE "C" PRIMARY KEY,   -- lower-cased
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  password_hash TEXT NOT NULL,  -- empty: cannot sign in by password
  state TEXT NOT NULL,          -- ACTIVE, DELETED
  payload TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE service_account (
  email TEXT COLLATE "C" PRIMARY KEY,
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  project TEXT NOT NULL,        -- empty: of the workspace
  key_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  family TEXT NOT NULL,         -- refresh tokens that came from one sign-in
  token_hash TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,               -- a second use revokes the family
  revoked_at BIGINT
);
CREATE INDEX session_email ON session (email);
CREATE INDEX session_family ON session (family);

CREATE TABLE login_failure (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  client_ip TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX login_failure_email ON login_failure (email, created_at);
CREATE INDEX login_failure_ip ON login_failure (client_ip, created_at);

CREATE TABLE role (
  id TEXT COLLATE "C" PRIMARY KEY,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  permissions TEXT NOT NULL,    -- JSON list
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE iam_policy (
  resource TEXT COLLATE "C" PRIMARY KEY,   -- workspaces/default or projects/x
  payload TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE setting (
  name TEXT COLLATE "C" PRIMARY KEY,       -- ENVIRONMENT, WORKSPACE_PROFILE
  payload TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE label (
  owner TEXT COLLATE "C" NOT NULL,         -- resource name of a project, instance or database
  key TEXT COLLATE "C" NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner, key)
);
CREATE INDEX label_value ON label (key, value);

CREATE TABLE project (
  id TEXT COLLATE "C" PRIMARY KEY,
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  state TEXT NOT NULL,
  payload TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
);

CREATE TABLE counter (
  project TEXT NOT NULL REFERENCES project (id),
  kind TEXT NOT NULL,           -- plan, issue, task, task_run
  last BIGINT NOT NULL,
  PRIMARY KEY (project, kind)
);

CREATE TABLE instance (
  id TEXT COLLATE "C" PRIMARY KEY,
  title TEXT COLLATE "C" NOT NULL,
  search TEXT NOT NULL,
  engine BIGINT NOT NULL,       -- wire number
  engine_version TEXT NOT NULL,
  identity TEXT NOT NULL,
  environment TEXT NOT NULL,    -- empty: none
  project TEXT NOT NULL,        -- empty: of the workspace
  state TEXT NOT NULL,
  sync_status TEXT NOT NULL,    -- NEVER, RUNNING, OK, FAILED
  sync_error TEXT NOT NULL,
  synced_at BIGINT,
  hosts TEXT NOT NULL,          -- of the data sources, a line each, for filters
  ports TEXT NOT NULL,
  payload TEXT NOT NULL,        -- data sources without secrets, roles, intervals
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
);

CREATE TABLE db (
  id TEXT PRIMARY KEY,
  instance TEXT COLLATE "C" NOT NULL REFERENCES instance (id),
  name TEXT COLLATE "C" NOT NULL,
  search TEXT NOT NULL,
  project TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  environment TEXT NOT NULL,    -- empty: the instance's
  state TEXT NOT NULL,
  sync_status TEXT NOT NULL,
  sync_error TEXT NOT NULL,
  synced_at BIGINT,
  schema_sha256 TEXT NOT NULL,  -- blob of the schema as SQL at the last sync; empty: never
  size_bytes BIGINT NOT NULL,
  table_count BIGINT NOT NULL,
  payload TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (instance, name)
);
CREATE INDEX db_project ON db (project, instance, name);

CREATE TABLE catalog_object (
  database_id TEXT NOT NULL REFERENCES db (id),
  kind TEXT NOT NULL,
  schema_name TEXT NOT NULL,
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  row_estimate BIGINT NOT NULL,
  data_bytes BIGINT NOT NULL,
  index_bytes BIGINT NOT NULL,
  body BYTEA NOT NULL,          -- zstd JSON
  PRIMARY KEY (database_id, kind, schema_name, name)
);

CREATE TABLE sheet (
  project TEXT NOT NULL REFERENCES project (id),
  sha256 TEXT NOT NULL REFERENCES blob (sha256),
  creator TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project, sha256)
);

CREATE TABLE plan (
  project TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  id BIGINT NOT NULL,
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  description TEXT NOT NULL,
  creator TEXT NOT NULL,
  state TEXT NOT NULL,
  has_rollout BIGINT NOT NULL,
  spec_kind TEXT NOT NULL,      -- create_database, change_database; empty without specs
  input_version BIGINT NOT NULL,  -- counts edits of the specs: checks and approvals of an older one do not count
  payload TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, id)
);

CREATE TABLE plan_check (
  project TEXT NOT NULL,
  plan BIGINT NOT NULL,
  status TEXT NOT NULL,         -- AVAILABLE, RUNNING, DONE, FAILED, CANCELED
  input_version BIGINT NOT NULL,
  error TEXT NOT NULL,
  payload TEXT NOT NULL,        -- results
  claim_epoch BIGINT NOT NULL,
  lease_until BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, plan),
  FOREIGN KEY (project, plan) REFERENCES plan (project, id)
);
CREATE INDEX plan_check_due ON plan_check (status, lease_until);

CREATE TABLE issue (
  project TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  id BIGINT NOT NULL,
  plan BIGINT,
  kind TEXT NOT NULL,           -- DATABASE_CHANGE
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  description TEXT NOT NULL,
  status TEXT NOT NULL,         -- OPEN, DONE, CANCELED
  draft BIGINT NOT NULL,
  labels TEXT NOT NULL,         -- a line each, for filters
  creator TEXT NOT NULL,
  payload TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, id),
  UNIQUE (project, plan)
);
CREATE INDEX issue_created ON issue (project, created_at, id);
CREATE INDEX issue_updated ON issue (project, updated_at, id);

CREATE TABLE issue_comment (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL,
  issue BIGINT NOT NULL,
  creator TEXT NOT NULL,
  comment TEXT NOT NULL,
  payload TEXT NOT NULL,        -- the event it reports, if it is one
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  FOREIGN KEY (project, issue) REFERENCES issue (project, id)
);
CREATE INDEX issue_comment_issue ON issue_comment (project, issue, id);

CREATE TABLE task (
  project TEXT COLLATE "C" NOT NULL,
  id BIGINT NOT NULL,
  plan BIGINT NOT NULL,
  spec_id TEXT NOT NULL,
  environment TEXT NOT NULL,    -- fixed when the task is made; groups tasks into stages
  kind TEXT NOT NULL,           -- DATABASE_CREATE, DATABASE_MIGRATE
  instance TEXT NOT NULL,
  database_name TEXT NOT NULL,
  sheet_sha256 TEXT NOT NULL,
  status TEXT NOT NULL,         -- NOT_STARTED or SKIPPED or the latest run's; written with the run
  skipped_reason TEXT NOT NULL,
  payload TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, id),
  FOREIGN KEY (project, plan) REFERENCES plan (project, id)
);
CREATE INDEX task_plan ON task (project, plan, id);
CREATE INDEX task_database ON task (instance, database_name, status);

CREATE TABLE task_run (
  project TEXT COLLATE "C" NOT NULL,
  id BIGINT NOT NULL,
  plan BIGINT NOT NULL,
  task BIGINT NOT NULL,
  attempt BIGINT NOT NULL,      -- from 0
  creator TEXT NOT NULL,
  status TEXT NOT NULL,         -- PENDING, AVAILABLE, RUNNING, DONE, FAILED, CANCELED
  run_at BIGINT,                -- not before
  cancel_requested BIGINT NOT NULL,
  claim_epoch BIGINT NOT NULL,  -- every write of a holder checks it
  lease_until BIGINT,           -- by the database's clock
  holder TEXT NOT NULL,         -- replica that has the lease
  detail TEXT NOT NULL,         -- one sentence: how it ended, or why it waits
  payload TEXT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, id),
  UNIQUE (project, task, attempt),
  FOREIGN KEY (project, task) REFERENCES task (project, id)
);
CREATE INDEX task_run_due ON task_run (status, run_at, lease_until);
CREATE INDEX task_run_task ON task_run (project, task, attempt);
CREATE INDEX task_run_plan ON task_run (project, plan, id);

CREATE TABLE task_run_log (
  project TEXT NOT NULL,
  task_run BIGINT NOT NULL,
  seq BIGINT NOT NULL,          -- from 1, without gap
  created_at BIGINT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (project, task_run, seq)
);

CREATE TABLE changelog (
  id TEXT COLLATE "C" PRIMARY KEY,
  database_id TEXT NOT NULL REFERENCES db (id),
  kind TEXT NOT NULL,           -- BASELINE, MIGRATE
  status TEXT NOT NULL,         -- PENDING, DONE, FAILED
  creator TEXT NOT NULL,
  project TEXT NOT NULL,
  plan BIGINT,
  task_run TEXT NOT NULL,       -- resource name; empty for a baseline
  plan_title TEXT NOT NULL,
  statement_sha256 TEXT NOT NULL,
  before_sha256 TEXT NOT NULL,  -- schema blobs; empty when not taken
  after_sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX changelog_database ON changelog (database_id, id);

CREATE TABLE revision (
  id TEXT COLLATE "C" PRIMARY KEY,
  database_id TEXT NOT NULL REFERENCES db (id),
  kind TEXT NOT NULL,           -- VERSIONED, DECLARATIVE
  version TEXT NOT NULL,
  version_key TEXT NOT NULL,    -- version padded so that text order is number order
  file TEXT NOT NULL,
  release_name TEXT NOT NULL,
  sheet TEXT NOT NULL,
  sheet_sha256 TEXT NOT NULL,
  task_run TEXT NOT NULL,
  creator TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  deleter TEXT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX revision_live ON revision (database_id, kind, version) WHERE deleted_at IS NULL;
CREATE INDEX revision_database ON revision (database_id, version_key, id);
