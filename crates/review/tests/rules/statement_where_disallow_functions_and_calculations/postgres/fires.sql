CREATE TABLE a (id int PRIMARY KEY, n text);
CREATE INDEX ON a (n);
-- review
SELECT id FROM a WHERE upper(n) = 'X' AND id + 1 > 2;
DELETE FROM a AS x
USING a AS y
WHERE abs(x.id) = y.id;
CREATE VIEW v AS SELECT id FROM a WHERE lower(n) = 'x';
