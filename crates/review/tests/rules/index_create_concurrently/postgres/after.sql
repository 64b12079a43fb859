-- Nobody uses what the script has just made.
CREATE TABLE fresh (id int);
CREATE INDEX fresh_id ON fresh (id);
DROP INDEX fresh_id;
CREATE INDEX other_id ON other (id);
DROP INDEX fresh_id, other_id;
