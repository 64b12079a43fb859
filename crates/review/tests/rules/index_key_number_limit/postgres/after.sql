CREATE TABLE t (a int, b int, c int, d int, e int, f int);
CREATE INDEX i ON t (a, b, c, d, e, f);
DROP INDEX i;
CREATE INDEX i ON t (a, b) INCLUDE (c, d, e, f);
