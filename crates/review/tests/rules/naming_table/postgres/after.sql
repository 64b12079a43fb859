CREATE TABLE "Draft" (id int);
ALTER TABLE "Draft" RENAME TO draft;
ALTER TABLE draft RENAME TO "Final";
