-- What a later statement adds is there.
CREATE TABLE a (id int);
ALTER TABLE a ADD COLUMN created_ts int, ADD COLUMN updated_ts int;
ALTER TABLE public.a ADD COLUMN creator_id int, ADD COLUMN updater_id int;
CREATE TABLE b (LIKE a);
CREATE TABLE c AS SELECT * FROM a;
