CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, c int UNIQUE, d int UNIQUE);
CREATE TABLE u (a int PRIMARY KEY, b int UNIQUE, c int UNIQUE, d int UNIQUE, e int UNIQUE);
-- review
CREATE INDEX i1 ON t (a, b);
CREATE INDEX i2 ON t (b, c);
CREATE INDEX j1 ON u (a, b);
CREATE INDEX i3 ON other (a);
