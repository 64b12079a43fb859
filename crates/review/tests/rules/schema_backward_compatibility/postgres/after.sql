-- Nobody has used yet what the script makes.
CREATE TABLE fresh (id int, x int);
ALTER TABLE fresh DROP COLUMN x;
ALTER TABLE fresh ADD PRIMARY KEY (id);
ALTER TABLE other ADD PRIMARY KEY (id);
DROP TABLE fresh;
