CREATE INDEX i ON t (a, b, c, d, e, f);
CREATE INDEX j ON t (a, b, c, d, e);
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b, c, d, e, f);
CREATE TABLE u (a int, b int, c int, d int, e int, f int, PRIMARY KEY (a, b, c, d, e, f));
