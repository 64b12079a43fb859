CREATE TABLE a (
  id serial,
  b int
);
ALTER TABLE a ADD COLUMN c int;
