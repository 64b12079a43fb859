CREATE TABLE a (id int);
CREATE TABLE b (id int);
COMMENT ON TABLE b IS 'short';
CREATE TABLE c (id int);
CREATE TEMP TABLE d (id int);
