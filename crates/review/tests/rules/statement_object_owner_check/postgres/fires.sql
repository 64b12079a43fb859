CREATE TABLE theirs (id int);
-- review
ALTER TABLE theirs ADD COLUMN a int;
