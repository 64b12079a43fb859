-- What people ran in the SQL editor. No foreign keys: an entry outlives the database that it was about.

CREATE TABLE query_history (
  id TEXT COLLATE "C" PRIMARY KEY,         -- sorts by time
  project TEXT COLLATE "C" NOT NULL,       -- the database's, when it was run
  instance TEXT COLLATE "C" NOT NULL,
  database_name TEXT COLLATE "C" NOT NULL, -- instances/x/databases/y
  creator TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,                      -- QUERY, EXPORT
  status TEXT NOT NULL,                    -- SUCCEEDED, FAILED, REFUSED, CANCELED
  statement TEXT NOT NULL,
  search TEXT NOT NULL,                    -- its beginning, lower-cased
  error TEXT NOT NULL,
  duration_ms BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  data_source TEXT NOT NULL,
  db_schema TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX query_history_creator ON query_history (creator, id);
CREATE INDEX query_history_project ON query_history (project, id);
