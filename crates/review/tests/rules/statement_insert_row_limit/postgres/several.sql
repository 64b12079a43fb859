INSERT INTO a VALUES (1), (2), (3), (4), (5), (6);
INSERT INTO a VALUES (1), (2);
INSERT INTO b (id)
VALUES (1), (2), (3), (4), (5), (6), (7);
