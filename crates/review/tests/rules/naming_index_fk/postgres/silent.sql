CREATE TABLE author (id int PRIMARY KEY);
-- review
CREATE TABLE book (author_id int REFERENCES author (id));
ALTER TABLE book ADD CONSTRAINT fk_book_author_id_author_id FOREIGN KEY (author_id) REFERENCES author (id);
