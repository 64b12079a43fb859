SET lock_timeout = '1s';
SET ROLE app;
CREATE TABLE a (id int);
