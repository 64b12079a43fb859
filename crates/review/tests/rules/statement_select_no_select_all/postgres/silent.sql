SELECT id, count(*) FROM a;
SELECT '*';
INSERT INTO a SELECT id FROM b;
