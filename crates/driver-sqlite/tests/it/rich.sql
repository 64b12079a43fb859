-- One of everything that SQLite has.
CREATE TABLE customer (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- the key; of it
  name TEXT NOT NULL DEFAULT 'it''s;' CHECK (length(name) > 0),
  email TEXT COLLATE NOCASE UNIQUE,
  score INT DEFAULT (1 + 2) CONSTRAINT positive CHECK (score >= 0),
  twice INT AS (score * 2),
  kept INT GENERATED ALWAYS AS (score + (1)) STORED
);
CREATE TABLE pair (a INT, b INT, note ANY, PRIMARY KEY (a, b DESC)) STRICT, WITHOUT ROWID;
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INT REFERENCES customer ON DELETE CASCADE,
  a INT, b INT,
  FOREIGN KEY (a, b) REFERENCES pair (a, b) ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE "odd ""name""; it" ([a b] TEXT, `c;d` BLOB);
CREATE VIRTUAL TABLE words USING fts5(body, tokenize = 'porter');
CREATE INDEX by_score ON customer (score DESC, lower(name));
CREATE UNIQUE INDEX big ON customer (score) WHERE score > 10;
CREATE VIEW z_view AS SELECT id, name FROM customer WHERE name <> ';';
CREATE VIEW a_view (i, n) AS
  SELECT id, name FROM z_view -- reads a view
;
CREATE TRIGGER after_customer UPDATE OF name, "score" ON customer FOR EACH ROW WHEN NEW.score > 1
BEGIN
  UPDATE customer SET score = CASE WHEN NEW.score > 5 THEN 5 ELSE 1 END WHERE id = NEW.id;
  INSERT INTO pair VALUES (NEW.id, 1, 'end;');
END;
CREATE TRIGGER instead INSTEAD OF INSERT ON a_view BEGIN INSERT INTO customer (name) VALUES (NEW.n); END;
