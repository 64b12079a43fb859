-- Repositories that projects watch, and what came of it. Access token and webhook secret stand in `secret`, under the repository's name.

CREATE TABLE repository (
  project TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  id TEXT COLLATE "C" NOT NULL UNIQUE, -- sorts by time; alone in the address of its webhook
  title TEXT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL, -- users/… or serviceAccounts/…: in whose name syncs act
  payload TEXT NOT NULL,           -- host, path, branch, pattern, mode, targets
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  state TEXT NOT NULL,             -- what syncs know: commit and files of the last one, why it stopped
  checked_at BIGINT,               -- when its branch was looked at
  next_at BIGINT,                  -- not before; null: when it is asked for
  epoch BIGINT NOT NULL,           -- counts claims and changes: a sync of an older one writes nothing
  lease_until BIGINT NOT NULL,     -- who syncs has it until then, by the database's clock; 0: nobody
  PRIMARY KEY (project, id)
);
CREATE INDEX repository_due ON repository (next_at);

CREATE TABLE repository_sync (
  project TEXT COLLATE "C" NOT NULL,
  repository TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,    -- sorts by time
  status TEXT NOT NULL,            -- PENDING, RETRYING, DONE, NOTHING_NEW, WAITING, FAILED
  payload TEXT NOT NULL,           -- commit, trigger, ignored files, what was made
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  next_at BIGINT,                  -- when it goes on; null when it is over
  PRIMARY KEY (project, repository, id),
  FOREIGN KEY (project, repository) REFERENCES repository (project, id)
);
CREATE INDEX repository_sync_due ON repository_sync (status, next_at);

-- Messages of hosts that were taken: none counts twice.
CREATE TABLE hook_delivery (
  repository TEXT COLLATE "C" NOT NULL REFERENCES repository (id),
  hash TEXT COLLATE "C" NOT NULL,  -- SHA-256 of the message's id, or of what was signed
  created_at BIGINT NOT NULL,
  PRIMARY KEY (repository, hash)
);
CREATE INDEX hook_delivery_created ON hook_delivery (created_at);
