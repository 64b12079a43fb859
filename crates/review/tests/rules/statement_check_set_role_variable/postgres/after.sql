-- Settings may come before.
SET lock_timeout = '1s';
SET search_path = app;
CREATE TABLE a (id int);
