CREATE SCHEMA bbdataarchive;
-- review
CREATE TABLE a (id int);
UPDATE b SET id = 1;
DELETE FROM b;
