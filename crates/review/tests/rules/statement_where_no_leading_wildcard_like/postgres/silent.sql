SELECT id FROM a WHERE n LIKE 'x%';
SELECT id FROM a WHERE n = '%x';
