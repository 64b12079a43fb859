-- A table without rows has no row that lacks a value.
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN b int NOT NULL;
ALTER TABLE other ADD COLUMN b int NOT NULL;
CREATE TABLE IF NOT EXISTS maybe (id int);
ALTER TABLE maybe ADD COLUMN b int NOT NULL;
