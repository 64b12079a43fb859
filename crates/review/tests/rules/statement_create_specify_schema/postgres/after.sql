-- The path of the session is what the rule is about.
SET search_path = app;
CREATE TABLE a (id int);
