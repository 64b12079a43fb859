CREATE TABLE a (b text COLLATE "en_US", c text);
