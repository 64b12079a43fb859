CREATE TABLE public.a (id int);
CREATE TEMP TABLE b (id int);
