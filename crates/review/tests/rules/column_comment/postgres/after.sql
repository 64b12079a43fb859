-- The last comment counts, whichever way the table is named.
CREATE TABLE a (id int, n text);
COMMENT ON COLUMN a.id IS 'the key';
COMMENT ON COLUMN public.a.id IS NULL;
COMMENT ON COLUMN a.n IS 'far too long a comment';
COMMENT ON COLUMN a.n IS 'short';
