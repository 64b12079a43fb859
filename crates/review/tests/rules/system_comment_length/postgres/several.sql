COMMENT ON TABLE a IS 'one and twenty letters.';
COMMENT ON TABLE b IS 'short';
COMMENT ON COLUMN a.id IS 'another that is too long';
