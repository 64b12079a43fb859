CREATE TABLE a (b jsonb, c text);
