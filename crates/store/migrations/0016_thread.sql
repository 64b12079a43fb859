-- Comments that are about lines of SQL, and their answers.

ALTER TABLE issue_comment ADD COLUMN thread TEXT NOT NULL DEFAULT '';   -- empty: about the issue as a whole
