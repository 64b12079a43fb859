CREATE INDEX i ON a (b, c, b);
CREATE INDEX j ON a (b, c);
ALTER TABLE a ADD UNIQUE (c, c);
CREATE INDEX k ON a (b, lower(b));
