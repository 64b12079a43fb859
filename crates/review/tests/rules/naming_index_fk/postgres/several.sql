CREATE TABLE author (id int PRIMARY KEY);
CREATE TABLE book (id int, author_id int);
-- review
ALTER TABLE book ADD CONSTRAINT f FOREIGN KEY (author_id) REFERENCES author (id);
ALTER TABLE book ADD CONSTRAINT fk_book_author_id_author_id FOREIGN KEY (author_id) REFERENCES author (id);
ALTER TABLE book ADD FOREIGN KEY (author_id) REFERENCES author (id);
ALTER TABLE book ADD CONSTRAINT g FOREIGN KEY (id) REFERENCES author (id);
