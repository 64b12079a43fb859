-- Checks of some changes only: their ids, a line each; none for all. The payload keeps what was found in the others.

ALTER TABLE plan_check ADD COLUMN specs TEXT NOT NULL DEFAULT '';
