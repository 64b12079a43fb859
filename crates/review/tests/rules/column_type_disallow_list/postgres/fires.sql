CREATE TABLE a (
  id int,
  b json
);
ALTER TABLE a ALTER COLUMN id TYPE JSON;
