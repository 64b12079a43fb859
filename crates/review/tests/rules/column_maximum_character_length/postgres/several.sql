CREATE TABLE a (b char(21));
CREATE TABLE b (b char(20), c varchar(200));
ALTER TABLE c ADD COLUMN d character(40), ADD COLUMN e char(5);
