DELETE FROM missing WHERE id = 1;
DELETE FROM small WHERE id = 1;
INSERT INTO missing (id) VALUES (1);
