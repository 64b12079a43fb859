CREATE TABLE tech_book (id int);
ALTER TABLE tech_book ADD COLUMN a int;
