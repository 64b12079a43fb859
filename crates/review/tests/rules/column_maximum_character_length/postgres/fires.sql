CREATE TABLE a (b char(21), c character(225));
ALTER TABLE a ALTER COLUMN b TYPE char(30);
