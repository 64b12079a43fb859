DELETE FROM small WHERE id > 1;
SELECT id FROM huge;
