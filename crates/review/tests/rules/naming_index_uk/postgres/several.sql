CREATE TABLE book (id int CONSTRAINT k UNIQUE, name text CONSTRAINT uk_book_name UNIQUE);
CREATE UNIQUE INDEX l ON book (id);
CREATE UNIQUE INDEX uk_book_id ON book (id);
ALTER TABLE book ADD CONSTRAINT m UNIQUE (id, name);
