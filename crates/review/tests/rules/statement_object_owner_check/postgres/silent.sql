CREATE TABLE mine (id int);
-- review
ALTER TABLE mine ADD COLUMN a int;
DROP TABLE IF EXISTS nowhere;
