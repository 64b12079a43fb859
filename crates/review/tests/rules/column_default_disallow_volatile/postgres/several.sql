ALTER TABLE a ADD COLUMN b timestamptz DEFAULT clock_timestamp();
ALTER TABLE a ADD COLUMN c int DEFAULT 1;
ALTER TABLE b ADD COLUMN d double precision DEFAULT random(), ADD COLUMN e int;
