CREATE TABLE book (id int, CONSTRAINT old PRIMARY KEY (id));
-- review
ALTER INDEX old RENAME TO pk_book_id;
ALTER TABLE book RENAME CONSTRAINT old TO pk_book;
