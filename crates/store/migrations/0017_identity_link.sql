-- Who somebody is at an identity provider, and which of the sign-ins there have come back.

CREATE TABLE identity_link (
  provider TEXT COLLATE "C" NOT NULL,   -- id of identity_provider
  subject TEXT COLLATE "C" NOT NULL,    -- the provider's own name for the person; never given to another
  owner TEXT COLLATE "C" NOT NULL,      -- users/{email}
  created_at BIGINT NOT NULL,
  PRIMARY KEY (provider, subject)
);
CREATE UNIQUE INDEX identity_link_owner ON identity_link (provider, owner);

CREATE TABLE sign_on (
  state TEXT PRIMARY KEY,       -- of one sign-in; there means used
  created_at BIGINT NOT NULL
);
CREATE INDEX sign_on_created ON sign_on (created_at);
