CREATE TABLE t (a int, b int, c int, d int, e int, f int, UNIQUE (a, b, c, d, e, f));
CREATE INDEX i ON t (a, b, c, d, e, f);
