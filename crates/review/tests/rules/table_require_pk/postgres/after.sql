-- What a later statement adds is there at the end.
CREATE TABLE a (id int);
ALTER TABLE a ADD PRIMARY KEY (id);
CREATE TABLE b (id int);
DROP TABLE b;
CREATE TABLE c (id int);
ALTER TABLE c RENAME TO d;
