CREATE SCHEMA bbdataarchive;
-- review
-- The name means the same table with and without its schema.
UPDATE public.a SET id = 1 WHERE id = 2;
UPDATE a SET id = 2 WHERE id = 3;
DELETE FROM a WHERE id = 3;
