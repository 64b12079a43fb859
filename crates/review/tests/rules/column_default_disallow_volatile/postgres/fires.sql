ALTER TABLE a ADD COLUMN b uuid DEFAULT gen_random_uuid(),
  ADD COLUMN c timestamp DEFAULT now();
