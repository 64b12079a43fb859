CREATE TABLE a (id int PRIMARY KEY, n text, c text);
CREATE INDEX ON a (n);
-- review
SELECT upper(n) FROM a WHERE id = abs(-1) AND upper(c) = 'X';
WITH a AS (SELECT 1 AS id) SELECT id FROM a WHERE abs(id) = 1;
SELECT id FROM a WHERE id IN (SELECT 1 FROM (SELECT 'x' AS n) s WHERE upper(n) = 'X');
