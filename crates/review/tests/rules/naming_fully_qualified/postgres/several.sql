CREATE TABLE public.book (id int);
-- review
CREATE TABLE a (id int);
ALTER TABLE public.a ADD COLUMN b int;
UPDATE book SET id = 1;
DROP TABLE public.a, c;
SELECT id FROM public.book;
