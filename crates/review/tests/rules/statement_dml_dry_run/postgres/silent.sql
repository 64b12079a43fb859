UPDATE small SET id = 1 WHERE id = 2;
SELECT id FROM missing;
