CREATE TABLE a (id int, created_ts int);
CREATE TABLE b (id int, created_ts int, updated_ts int, creator_id int, updater_id int);
ALTER TABLE b DROP COLUMN created_ts;
ALTER TABLE c RENAME COLUMN updater_id TO editor_id;
