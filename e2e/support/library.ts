/** A small library: databases that have every kind of object. */

export const PG_SCHEMA = `
CREATE TYPE mood AS ENUM ('new', 'worn');
CREATE TYPE spot AS (room text, shelf integer);
CREATE SEQUENCE ticket;
CREATE TABLE author (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
COMMENT ON COLUMN author.name IS 'As on the cover.';
CREATE TABLE book (
  isbn text PRIMARY KEY,
  author_id bigint NOT NULL CONSTRAINT book_author REFERENCES author (id) ON DELETE CASCADE,
  pages integer NOT NULL DEFAULT 1 CONSTRAINT pages_positive CHECK (pages > 0),
  title text NOT NULL,
  shout text GENERATED ALWAYS AS (upper(title)) STORED,
  state mood
);
CREATE UNIQUE INDEX book_title ON book (lower(title), pages DESC);
CREATE TABLE loan (book text REFERENCES book (isbn), day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE loan_2026 PARTITION OF loan FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE VIEW long_book AS SELECT isbn, title FROM book WHERE pages > 500;
CREATE MATERIALIZED VIEW pages_of AS SELECT author_id, sum(pages) AS pages FROM book GROUP BY author_id;
CREATE FUNCTION price(book) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION price(integer) RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE PROCEDURE tidy_up() LANGUAGE sql AS 'DELETE FROM loan';
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER book_stamp BEFORE UPDATE ON book FOR EACH ROW EXECUTE FUNCTION stamp();
`;

export const MARIA_SCHEMA = `
CREATE TABLE branch (id integer AUTO_INCREMENT PRIMARY KEY, city varchar(40) NOT NULL);
CREATE TABLE visit (
  id integer PRIMARY KEY,
  branch_id integer,
  day timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  CONSTRAINT visit_branch FOREIGN KEY (branch_id) REFERENCES branch (id) ON DELETE SET NULL
);
CREATE TRIGGER visit_new BEFORE INSERT ON visit FOR EACH ROW SET NEW.branch_id = COALESCE(NEW.branch_id, 1);
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM visit;
CREATE PROCEDURE count_visits() SELECT count(*) FROM visit;
`;
