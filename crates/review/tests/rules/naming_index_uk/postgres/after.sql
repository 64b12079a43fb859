CREATE TABLE book (id int, name text);
ALTER TABLE book ADD CONSTRAINT uk_book_id UNIQUE (id);
ALTER INDEX uk_book_id RENAME TO k;
CREATE UNIQUE INDEX uk_book_name ON book (name);
