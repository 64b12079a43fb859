CREATE TABLE book (id int);
-- review
CREATE INDEX ON book (id);
CREATE UNIQUE INDEX u ON book (id);
