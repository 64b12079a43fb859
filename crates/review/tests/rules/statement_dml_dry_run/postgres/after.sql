-- What the script makes is not there yet.
CREATE TABLE missing (id int);
INSERT INTO missing (id) VALUES (1);
