CREATE TABLE t (a int PRIMARY KEY, b int);
-- review
CREATE INDEX i1 ON t (a);
CREATE INDEX i2 ON t (a);
CREATE INDEX i3 ON t (a);
CREATE INDEX i4 ON t (a);
CREATE INDEX i5 ON t (a);
