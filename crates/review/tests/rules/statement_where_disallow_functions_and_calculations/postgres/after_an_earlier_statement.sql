CREATE TABLE fresh (id int PRIMARY KEY);
SELECT id FROM fresh WHERE abs(id) = 1;
