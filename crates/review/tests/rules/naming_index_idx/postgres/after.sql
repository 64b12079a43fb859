CREATE TABLE book (id int, name text);
-- review
CREATE INDEX idx_book_id ON book (id);
ALTER INDEX idx_book_id RENAME TO by_id;
ALTER TABLE book RENAME COLUMN name TO title;
CREATE INDEX idx_book_title ON book (title);
