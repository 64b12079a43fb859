/** A shop to read from: values that are hard to show, and a table of 100,000 rows and 30 columns. */

export const WIDE_ROWS = 100_000;
const WIDE_COLUMNS = 30;
const letters = Array.from(
  { length: WIDE_COLUMNS - 1 },
  (_, i) => `'value ' || n || '.${i + 2}' AS c${i + 2}`,
);

export const PG_STORE = `
CREATE TABLE customer (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  email text,
  note text,
  profile jsonb NOT NULL,
  balance numeric(30, 10) NOT NULL,
  active boolean NOT NULL,
  joined timestamptz NOT NULL,
  avatar bytea
);
COMMENT ON TABLE customer IS 'Who buys.';
INSERT INTO customer
SELECT
  9007199254740992 + n,
  (ARRAY['Ada Lovelace', 'Zoë Müller', 'Grace Hopper', 'Jean-Luc Ångström', 'Mária Kovács'])[1 + n % 5] || ' ' || n,
  CASE WHEN n % 7 = 0 THEN NULL ELSE 'customer' || n || '@example.com' END,
  CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE E'Calls in the morning.\\nPrefers mail.' END,
  jsonb_build_object('tier', CASE WHEN n % 4 = 0 THEN 'gold' ELSE 'basic' END, 'tags', jsonb_build_array('news', 'shop'), 'visits', n),
  n * 1234567890.0123456789,
  n % 2 = 0,
  timestamptz '2026-01-01 00:00:00+00' + n * interval '37 minutes',
  decode(md5(n::text), 'hex')
FROM generate_series(1, 5000) n;
CREATE TABLE wide AS SELECT n AS c1, ${letters.join(', ')} FROM generate_series(1, ${WIDE_ROWS}) n;
CREATE VIEW gold_customer AS SELECT id, name FROM customer WHERE profile ->> 'tier' = 'gold';
`;

export const MARIA_STORE = `
CREATE TABLE counter (id bigint unsigned PRIMARY KEY, total bigint NOT NULL, label varchar(40));
INSERT INTO counter VALUES (18446744073709551615, -9223372036854775808, NULL), (9007199254740993, 9007199254740993, 'odd');
`;
