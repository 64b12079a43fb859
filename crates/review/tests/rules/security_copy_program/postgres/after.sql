CREATE TABLE a (id int);
INSERT INTO a (id) VALUES (1);
COPY a TO PROGRAM 'gzip > /tmp/a';
