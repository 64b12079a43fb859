-- Pipelines that sign in with an OIDC token of their CI system.

CREATE TABLE workload_identity (
  email TEXT COLLATE "C" PRIMARY KEY,
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  project TEXT NOT NULL,        -- empty: of the workspace
  payload TEXT NOT NULL,        -- whose tokens are taken
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- Tokens that were exchanged: each opens once.
CREATE TABLE exchanged_token (
  hash TEXT COLLATE "C" PRIMARY KEY,  -- SHA-256 of what was signed
  expires_at BIGINT NOT NULL
);
