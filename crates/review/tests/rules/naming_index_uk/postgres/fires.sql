CREATE TABLE book (id int, name text CONSTRAINT n UNIQUE);
CREATE UNIQUE INDEX book_name ON book (name, id);
