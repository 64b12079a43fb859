-- How SQL is reviewed, and what each configuration is attached to.

CREATE TABLE review_config (
  id TEXT COLLATE "C" PRIMARY KEY,
  title TEXT NOT NULL,
  payload TEXT NOT NULL,        -- whether it is enabled, its rules
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- One configuration a resource.
CREATE TABLE review_attachment (
  resource TEXT COLLATE "C" PRIMARY KEY,   -- environments/x or projects/x
  review_config TEXT COLLATE "C" NOT NULL REFERENCES review_config (id)
);
CREATE INDEX review_attachment_config ON review_attachment (review_config);
