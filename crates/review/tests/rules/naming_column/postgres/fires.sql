CREATE TABLE book (
  id int,
  "creatorId" int
);
ALTER TABLE book ADD COLUMN "aB" int,
  RENAME COLUMN id TO "ID";
