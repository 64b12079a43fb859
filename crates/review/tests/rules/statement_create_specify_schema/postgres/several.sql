CREATE TABLE a (id int);
CREATE TABLE public.b (id int);
CREATE TEMP TABLE c (id int);
CREATE TABLE IF NOT EXISTS d (id int);
