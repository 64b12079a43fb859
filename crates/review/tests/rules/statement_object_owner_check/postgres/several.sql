CREATE TABLE mine (id int);
CREATE TABLE theirs (id int);
-- review
ALTER TABLE theirs ADD COLUMN a int;
ALTER TABLE mine ADD COLUMN a int;
DROP TABLE theirs;
CREATE INDEX i ON theirs (id);
