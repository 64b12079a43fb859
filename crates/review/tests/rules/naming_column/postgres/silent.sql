CREATE TABLE book (id int, Creator_Id int);
