DROP TABLE a, b_delete,
  c;
