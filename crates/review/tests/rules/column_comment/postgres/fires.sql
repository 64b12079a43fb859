CREATE TABLE a (
  id int,
  n text
);
COMMENT ON COLUMN a.n IS 'longer than ten bytes';
ALTER TABLE a ADD COLUMN x int;
