CREATE TABLE a (id int);
INSERT INTO a (id) VALUES (1);
INSERT INTO a (id) SELECT id FROM a ORDER BY random();
