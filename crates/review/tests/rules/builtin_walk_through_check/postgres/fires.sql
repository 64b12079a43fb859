CREATE TABLE a (id int);
-- review
CREATE TABLE b (id int);
CREATE TABLE a (id int);
