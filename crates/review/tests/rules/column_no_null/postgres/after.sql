-- What a later statement mends is no finding.
CREATE TABLE a (id int, n text, m text);
ALTER TABLE a ADD PRIMARY KEY (id);
ALTER TABLE a ALTER COLUMN n SET NOT NULL;
ALTER TABLE a DROP COLUMN m;
ALTER TABLE a ADD COLUMN o int;
CREATE TABLE b (id int);
DROP TABLE b;
