CREATE TABLE a (id int PRIMARY KEY, n text);
CREATE INDEX ON a (n);
-- review
SELECT id FROM a WHERE upper(n) = 'X';
SELECT id FROM a WHERE n = upper('x');
UPDATE a SET n = lower(n) WHERE id * 2 = 4;
DELETE FROM a WHERE length(n) > 3;
