CREATE INDEX i ON a (b, lower(b), lower(b));
