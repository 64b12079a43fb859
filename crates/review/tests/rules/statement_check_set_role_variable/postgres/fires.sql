SET lock_timeout = '1s';
CREATE TABLE a (id int);
SET ROLE app;
