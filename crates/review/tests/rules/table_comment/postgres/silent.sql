CREATE TABLE a (id int);
COMMENT ON TABLE public.a IS 'short';
CREATE TEMP TABLE t (id int);
