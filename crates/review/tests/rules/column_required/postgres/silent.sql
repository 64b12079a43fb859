CREATE TABLE a (id int, created_ts int, updated_ts int, creator_id int);
ALTER TABLE a ADD COLUMN updater_id int;
ALTER TABLE b DROP COLUMN x;
