CREATE TABLE book (id int, name text);
-- review
CREATE INDEX n ON book (name);
CREATE INDEX idx_book_name_id ON book (name, id);
ALTER INDEX idx_book_name_id RENAME TO x;
