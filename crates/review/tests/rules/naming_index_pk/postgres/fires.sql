CREATE TABLE book (
  id int,
  CONSTRAINT book_id PRIMARY KEY (id)
);
