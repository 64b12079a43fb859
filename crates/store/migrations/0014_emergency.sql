-- What was run although its gate had not approved, with its review afterwards; and plans whose production runs first.

CREATE TABLE emergency (
  project TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,            -- UUIDv7: sorts by time
  plan BIGINT NOT NULL,
  creator TEXT NOT NULL,                   -- users/{email} of who ran it
  due_at BIGINT NOT NULL,                  -- for the review
  reviewed_at BIGINT,
  payload TEXT NOT NULL,                   -- why, what was run where, who was told, what stood in the way, the review
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, id),
  FOREIGN KEY (project, plan) REFERENCES plan (project, id)
);
CREATE INDEX emergency_plan ON emergency (project, plan);
CREATE INDEX emergency_unreviewed ON emergency (due_at) WHERE reviewed_at IS NULL;

ALTER TABLE plan ADD COLUMN hotfix BIGINT NOT NULL DEFAULT 0;
CREATE INDEX plan_hotfix ON plan (project) WHERE hotfix = 1;
