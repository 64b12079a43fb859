-- What must be approved of an issue, and how far that is.

CREATE TABLE issue_approval (
  project TEXT COLLATE "C" NOT NULL,
  issue BIGINT NOT NULL,
  status TEXT NOT NULL,         -- CHECKING, PENDING, APPROVED, REJECTED, SKIPPED
  input_version BIGINT NOT NULL,  -- the plan's: a change of its specs makes all of this void
  pending TEXT NOT NULL,        -- roles whose turn it is, a line each, for filters
  payload TEXT NOT NULL,        -- gates with their steps, and what exactly they are about
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, issue),
  FOREIGN KEY (project, issue) REFERENCES issue (project, id)
);
CREATE INDEX issue_approval_status ON issue_approval (status, input_version);
