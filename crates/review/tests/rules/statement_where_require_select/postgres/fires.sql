SELECT id FROM a;
SELECT id FROM a WHERE id > (
  SELECT max(id) FROM b
);
TABLE a;
