-- Where people sign in who do not do so by password. Client secrets are in secret.

CREATE TABLE identity_provider (
  id TEXT COLLATE "C" PRIMARY KEY,
  title TEXT NOT NULL,
  payload TEXT NOT NULL,        -- its address, the client, which claims name the person
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
