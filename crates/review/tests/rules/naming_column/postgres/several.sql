CREATE TABLE book (id int, "Name" text);
ALTER TABLE book ADD COLUMN good int;
ALTER TABLE book ADD COLUMN "Bad" int, ADD COLUMN _bad int;
ALTER TABLE book RENAME COLUMN good TO "Worse";
