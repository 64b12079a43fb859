-- Webhooks of projects, and what is to be told outside. The address of a webhook and its secret stand in `secret`, under its name.

CREATE TABLE webhook (
  project TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  id TEXT COLLATE "C" NOT NULL,    -- sorts by time
  kind TEXT NOT NULL,              -- SLACK, …, GENERIC
  title TEXT NOT NULL,
  payload TEXT NOT NULL,           -- what it is told of, and its address without what is secret in it
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (project, id)
);

-- Written in the transaction of what it tells of; delivered afterwards, until the receiver took it or it is given up.
CREATE TABLE outbox (
  id TEXT COLLATE "C" PRIMARY KEY, -- sorts by time
  target TEXT COLLATE "C" NOT NULL, -- projects/x/webhooks/y or mailto:{address}
  event TEXT NOT NULL,             -- issue.created, …
  status TEXT NOT NULL,            -- PENDING, DELIVERED, FAILED
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,         -- not before
  lease_until BIGINT NOT NULL,     -- who delivers has it until then, by the database's clock; 0: nobody
  error TEXT NOT NULL,
  http_status BIGINT NOT NULL,     -- of the last answer; 0: none
  payload TEXT NOT NULL,           -- the message; that of a mail stands in `secret`, under outbox/{id}
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX outbox_due ON outbox (status, next_at);
CREATE INDEX outbox_target ON outbox (target, id);

-- What was told of a plan and is told once: until the next run.
CREATE TABLE told_once (
  project TEXT COLLATE "C" NOT NULL,
  plan BIGINT NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (project, plan, event),
  FOREIGN KEY (project, plan) REFERENCES plan (project, id)
);
