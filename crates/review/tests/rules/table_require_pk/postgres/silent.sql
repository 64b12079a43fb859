CREATE TABLE old (id int, x int);
-- review
CREATE TABLE a (id int PRIMARY KEY);
ALTER TABLE old DROP COLUMN x;
CREATE TABLE b (id int);
ALTER TABLE b ADD PRIMARY KEY (id);
CREATE TABLE c (id int);
DROP TABLE c;
