CREATE INDEX i ON t (a, b, c, d, e);
