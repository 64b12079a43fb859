CREATE TABLE book (id int, name text UNIQUE);
CREATE UNIQUE INDEX uk_book_name_id ON book (name, id);
CREATE INDEX x ON book (id);
