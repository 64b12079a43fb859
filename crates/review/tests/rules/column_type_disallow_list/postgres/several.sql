CREATE TABLE a (b json, c jsonb);
ALTER TABLE a ADD COLUMN d json;
ALTER TABLE b ALTER COLUMN e TYPE json USING e::json;
