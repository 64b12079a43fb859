CREATE TABLE a (id int);
ALTER TABLE a ADD COLUMN b uuid DEFAULT gen_random_uuid();
ALTER TABLE a ALTER COLUMN id SET DEFAULT random();
