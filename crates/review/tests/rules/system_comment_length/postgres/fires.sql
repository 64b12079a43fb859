COMMENT ON TABLE a IS 'one and twenty letters.';
COMMENT ON VIEW v IS 'one and twenty letters.';
