CREATE TABLE a (id int PRIMARY KEY, n text);
-- review
SELECT id FROM a WHERE upper(n) = 'X';
CREATE INDEX i ON a (n);
SELECT id FROM a WHERE upper(n) = 'X';
CREATE TABLE b (id int PRIMARY KEY);
SELECT id FROM b WHERE abs(id) = 1;
