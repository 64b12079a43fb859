-- What the host was told of the commit of a sync: state, description, why it was refused. Empty: nothing.

ALTER TABLE repository_sync ADD COLUMN report TEXT NOT NULL DEFAULT '';
