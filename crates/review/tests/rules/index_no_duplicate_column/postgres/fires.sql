CREATE TABLE a (
  b int,
  UNIQUE (b, b)
);
CREATE INDEX i ON a (b, b);
ALTER TABLE a ADD FOREIGN KEY (b, b) REFERENCES c (d, e);
