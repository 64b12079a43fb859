-- The last comment counts, whichever way the table is named.
CREATE TABLE a (id int);
COMMENT ON TABLE a IS 'far too long a comment';
COMMENT ON TABLE public.a IS 'short';
