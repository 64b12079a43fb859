-- The catalog that the conformance rows of PostgreSQL assume.
CREATE SCHEMA bbdataarchive;
CREATE TABLE public.tech_book (
    id integer NOT NULL,
    name text NOT NULL,
    creator text NOT NULL,
    CONSTRAINT old_pk PRIMARY KEY (id, name)
);
CREATE UNIQUE INDEX old_uk ON public.tech_book (id, name);
CREATE INDEX old_index ON public.tech_book (id, name);
CREATE TABLE public.orders (
    order_id integer NOT NULL CONSTRAINT orders_pkey PRIMARY KEY,
    customer_name text NOT NULL,
    amount numeric NOT NULL,
    note text NOT NULL,
    name text NOT NULL
);
CREATE INDEX idx_orders_customer ON public.orders (customer_name);
CREATE INDEX idx_orders_amount ON public.orders (amount);
CREATE TABLE public.products (
    product_id integer NOT NULL CONSTRAINT products_pkey PRIMARY KEY,
    title text NOT NULL,
    price numeric NOT NULL
);
CREATE INDEX idx_products_price ON public.products (price);
CREATE TABLE public.no_index_table (col_a integer NOT NULL, col_b text NOT NULL);
CREATE TABLE public.insert_target (id integer NOT NULL, name text NOT NULL);
