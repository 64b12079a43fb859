-- What people have typed and not saved, and how they like the console.

CREATE TABLE draft (
  owner TEXT COLLATE "C" NOT NULL,         -- users/{email}
  place TEXT COLLATE "C" NOT NULL,
  value TEXT NOT NULL,
  size BIGINT NOT NULL,                    -- bytes of the value
  updated_at BIGINT NOT NULL,              -- never the same twice for one place
  PRIMARY KEY (owner, place)
);

CREATE TABLE preference (
  owner TEXT COLLATE "C" NOT NULL,         -- users/{email}
  key TEXT COLLATE "C" NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner, key)
);
