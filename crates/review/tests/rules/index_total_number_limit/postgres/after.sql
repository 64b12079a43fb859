CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, c int UNIQUE, d int UNIQUE, e int);
CREATE INDEX t_e ON t (e);
-- review
-- As many go as come.
DROP INDEX t_e;
CREATE INDEX i ON t (a, e);
