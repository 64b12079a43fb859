-- Where each run is at its target. Units of a run follow one another, so one row a run says all: what is applied, and
-- what is needed to ask about the one unit that may be open (docs/adr/0008-exactly-once.md).
CREATE TABLE checkpoint (
  project TEXT COLLATE "C" NOT NULL,
  task_run BIGINT NOT NULL,
  payload TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, task_run),
  FOREIGN KEY (project, task_run) REFERENCES task_run (project, id)
);

-- How the last change left each database: where its server's history was, and the schema. A later change that finds another history
-- and another schema stops.
CREATE TABLE target_mark (
  instance TEXT COLLATE "C" NOT NULL,
  database_name TEXT COLLATE "C" NOT NULL,
  payload TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (instance, database_name)
);

-- Lists of plans and rollouts count the tasks of each stage by status.
CREATE INDEX task_stages ON task (project, plan, environment, status);
