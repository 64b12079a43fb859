CREATE TABLE a (id int, n text);
COMMENT ON COLUMN a.id IS 'the key';
CREATE TABLE b (id int);
ALTER TABLE c ADD COLUMN x int, ADD COLUMN y int;
COMMENT ON COLUMN c.y IS 'short';
