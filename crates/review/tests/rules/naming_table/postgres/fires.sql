CREATE TABLE "TechBook" (id int);
CREATE TABLE _x (id int);
