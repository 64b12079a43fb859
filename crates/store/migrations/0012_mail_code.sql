-- One-time codes that were sent by mail. Kept for any address that asked, known or not, so that nothing tells them apart.

CREATE TABLE mail_code (
  email TEXT COLLATE "C" NOT NULL,
  purpose TEXT NOT NULL,        -- RESET, LOGIN
  code_hash TEXT NOT NULL,      -- keyed with the store's key; empty once it was used
  failures BIGINT NOT NULL,     -- wrong guesses
  client_ip TEXT NOT NULL,      -- who asked
  sent BIGINT NOT NULL,         -- codes since window_at
  window_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (email, purpose)
);
CREATE INDEX mail_code_source ON mail_code (client_ip, created_at);
