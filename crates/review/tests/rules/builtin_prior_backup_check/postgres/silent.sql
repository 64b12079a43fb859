CREATE SCHEMA bbdataarchive;
-- review
UPDATE b SET id = 1;
UPDATE b SET id = 2;
DELETE FROM c;
