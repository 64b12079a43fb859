CREATE TABLE public.book (id int);
-- review
CREATE TABLE public.fresh (id int);
-- A query names what was there before; the rest is not the catalog's.
SELECT id FROM fresh;
WITH book AS (SELECT 1 AS id) SELECT id FROM book;
INSERT INTO fresh (id) SELECT id FROM public.book;
