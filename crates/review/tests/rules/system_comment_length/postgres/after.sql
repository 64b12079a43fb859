CREATE TABLE a (id int);
COMMENT ON TABLE a IS 'one and twenty letters.';
COMMENT ON TABLE a IS 'short';
