CREATE SCHEMA bbdataarchive;
-- review
UPDATE a SET id = 1 WHERE id = 2;
DELETE FROM b WHERE id = 1;
DELETE FROM a WHERE id = 3;
UPDATE b SET id = 1 WHERE id = 2;
DROP TABLE c;
