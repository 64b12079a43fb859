CREATE TABLE a (id text PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE TABLE c (id int, n uuid, PRIMARY KEY (id, n));
