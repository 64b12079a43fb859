CREATE TABLE a (id int);
-- review
-- The first error is all there is to say.
ALTER TABLE a ADD COLUMN n text;
ALTER TABLE a DROP COLUMN gone;
CREATE TABLE a (id int);
