CREATE TABLE a (b char(20), c varchar(225), d char);
