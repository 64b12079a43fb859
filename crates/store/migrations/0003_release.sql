-- Releases: versioned files that are rolled out together. A release never changes; only its state does.

CREATE TABLE release (
  project TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  id TEXT COLLATE "C" NOT NULL,
  train TEXT COLLATE "C" NOT NULL,  -- the id without its iteration
  iteration BIGINT NOT NULL,    -- from 0, counted per train
  kind TEXT NOT NULL,           -- VERSIONED, DECLARATIVE
  category TEXT NOT NULL,
  search TEXT NOT NULL,         -- the category
  creator TEXT NOT NULL,
  state TEXT NOT NULL,          -- ACTIVE, DELETED
  payload TEXT NOT NULL,        -- files in version order, by the hash of their text; where they come from
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project, id)
);
CREATE INDEX release_created ON release (project, created_at, id);
