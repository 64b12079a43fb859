CREATE TABLE a (
  id varchar(20),
  PRIMARY KEY (id)
);
CREATE TABLE b (id uuid PRIMARY KEY);
CREATE TABLE c (id text);
ALTER TABLE c ADD PRIMARY KEY (id);
