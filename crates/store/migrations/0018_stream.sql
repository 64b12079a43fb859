-- Versions are counted in each stream by itself: two repositories may use the same numbers on one database.

ALTER TABLE revision ADD COLUMN stream TEXT COLLATE "C" NOT NULL DEFAULT '';   -- projects/{project}[/…]; empty: counts in every stream
DROP INDEX revision_live;
CREATE UNIQUE INDEX revision_live ON revision (database_id, kind, stream, version) WHERE deleted_at IS NULL;
