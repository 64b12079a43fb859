CREATE TABLE book (id int, name text);
-- review
CREATE INDEX n ON book (name);
CREATE INDEX idx_book_name ON book (name);
CREATE INDEX ON book (id, name);
CREATE INDEX i ON book (id);
