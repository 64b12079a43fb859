CREATE TABLE book (id int);
-- review
ALTER TABLE book RENAME TO "Book";
ALTER VIEW v RENAME TO "V";
