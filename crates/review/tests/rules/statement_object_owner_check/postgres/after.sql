CREATE TABLE theirs (id int);
-- review
-- Who makes a table owns it.
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN a int;
ALTER TABLE theirs ADD COLUMN a int;
