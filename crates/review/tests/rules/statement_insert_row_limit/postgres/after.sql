CREATE TABLE a (id int);
INSERT INTO a VALUES (1), (2), (3), (4), (5);
INSERT INTO a VALUES (1), (2), (3), (4), (5), (6);
