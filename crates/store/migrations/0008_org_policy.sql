-- Policies of the workspace, of environments and of projects; what reviews them is in review_attachment.

CREATE TABLE org_policy (
  resource TEXT COLLATE "C" NOT NULL,     -- workspaces/x, environments/x or projects/x
  kind TEXT COLLATE "C" NOT NULL,
  payload TEXT NOT NULL,                  -- what it says, and whether it is enforced
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (resource, kind)
);
