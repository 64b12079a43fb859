CREATE TABLE t (a int PRIMARY KEY, b int);
-- review
CREATE INDEX i1 ON t (a);
CREATE INDEX i2 ON t (a);
DROP INDEX i1;
