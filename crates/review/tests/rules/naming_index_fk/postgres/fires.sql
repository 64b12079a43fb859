CREATE TABLE author (id int PRIMARY KEY);
-- review
CREATE TABLE book (
  author_id int CONSTRAINT fk REFERENCES author (id)
);
