CREATE TABLE a (b text DEFAULT "x");
