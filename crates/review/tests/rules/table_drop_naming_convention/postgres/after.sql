-- The name at the time of the drop counts.
ALTER TABLE a RENAME TO a_delete;
DROP TABLE a_delete;
ALTER TABLE b_delete RENAME TO b;
DROP TABLE b;
