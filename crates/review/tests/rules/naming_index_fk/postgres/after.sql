CREATE TABLE author (id int PRIMARY KEY);
CREATE TABLE book (author_id int);
ALTER TABLE book ADD CONSTRAINT fk_book_author_id_author_id FOREIGN KEY (author_id) REFERENCES author (id);
ALTER TABLE book RENAME CONSTRAINT fk_book_author_id_author_id TO other;
