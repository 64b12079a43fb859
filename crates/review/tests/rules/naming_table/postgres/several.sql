CREATE TABLE book (id int);
CREATE TABLE "Book" (id int);
CREATE TABLE book_2 (id int);
ALTER TABLE book RENAME TO book_old;
