-- Why a revision was taken back, in the words of whoever did. Empty: nobody said.

ALTER TABLE revision ADD COLUMN delete_reason TEXT NOT NULL DEFAULT '';
