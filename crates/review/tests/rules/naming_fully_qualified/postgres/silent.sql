CREATE TABLE public.book (id int);
-- review
CREATE TABLE public.a (id int);
SELECT id FROM public.book;
WITH book AS (SELECT 1) SELECT * FROM book;
SELECT * FROM not_in_the_catalog;
CREATE INDEX i ON public.book (id);
