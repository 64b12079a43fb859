-- The planner does not know what the script makes.
CREATE TABLE fresh (id int);
DELETE FROM fresh WHERE id > 1;
DELETE FROM huge WHERE id > 1;
