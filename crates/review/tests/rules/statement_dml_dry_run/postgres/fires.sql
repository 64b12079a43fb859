UPDATE missing SET id = 1 WHERE id = 2;
