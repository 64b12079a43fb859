CREATE TABLE a (id int);
CREATE TABLE b (id int);
COMMENT ON TABLE b IS 'longer than ten bytes';
CREATE TABLE c (id int);
COMMENT ON TABLE c IS 'short';
COMMENT ON TABLE c IS NULL;
