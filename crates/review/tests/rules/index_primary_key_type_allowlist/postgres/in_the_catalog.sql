CREATE TABLE a (id text);
-- review
ALTER TABLE a ADD PRIMARY KEY (id);
