CREATE TABLE a (id int);
-- review
DROP TABLE a;
CREATE TABLE a (id int);
