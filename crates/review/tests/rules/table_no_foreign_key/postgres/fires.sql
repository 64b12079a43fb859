CREATE TABLE a (
  b int REFERENCES b,
  c int,
  FOREIGN KEY (c) REFERENCES c (id)
);
