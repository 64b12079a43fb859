CREATE TABLE a (id int, n text);
INSERT INTO a (id, n) VALUES (1, '%x');
SELECT id FROM a WHERE n LIKE '%x';
