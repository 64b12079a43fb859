-- One of everything that sync reads and render writes. `since N` marks what needs version N.
CREATE EXTENSION citext;
CREATE EXTENSION btree_gist;
CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'the shop''s own \ schema';
CREATE SCHEMA "Odd ""Names""";

CREATE TYPE app.state AS ENUM ('new', 'paid', 'it''s sent');
COMMENT ON TYPE app.state IS 'of an order';
CREATE DOMAIN app.z_positive AS integer DEFAULT 1 NOT NULL CONSTRAINT positive CHECK (VALUE > 0);
COMMENT ON DOMAIN app.z_positive IS 'above zero';
CREATE TYPE app.a_box AS (size app.z_positive, "Label" text);
CREATE TYPE app.floats AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi);

CREATE SEQUENCE app.numbers AS integer START WITH 100 INCREMENT BY 10 MAXVALUE 100000 CACHE 5 CYCLE;
COMMENT ON SEQUENCE app.numbers IS 'of invoices';

CREATE FUNCTION app.shorten(t text, n integer DEFAULT 3) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT left(t, n); $$;
COMMENT ON FUNCTION app.shorten(text, integer) IS 'the beginning; of a text';
CREATE FUNCTION app.shorten(t citext) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT left(t::text, 3) $$;
-- Types and routines that need one another.
CREATE FUNCTION app.z_is_short(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) < 9 $$;
CREATE DOMAIN app.b_short AS text CONSTRAINT short CHECK (app.z_is_short(VALUE));
CREATE FUNCTION app.m_of(d app.b_short) RETURNS app.a_box LANGUAGE sql AS $$ SELECT NULL::app.a_box $$;
CREATE TYPE app.a_shorts AS (one app.b_short, two app.a_box[]);
-- since 14
CREATE FUNCTION app.a_calls(d text) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT app.z_is_short(d); END;

CREATE TABLE app.customer (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1000 INCREMENT BY 5 MAXVALUE 9000000 CACHE 20 CYCLE),
    serial serial,
    email citext NOT NULL,
    name character varying(40) COLLATE "C" DEFAULT 'no;body'::character varying,
    "Löwe; ""x""" text,
    amount numeric(12,2) DEFAULT 0 NOT NULL,
    boxes app.a_box[],
    state app.state DEFAULT 'new'::app.state NOT NULL,
    happened timestamp with time zone DEFAULT now(),
    until timestamp with time zone DEFAULT '2026-01-01 00:00:00+02',
    dropped integer,
    many app.z_positive,
    CONSTRAINT customer_pk PRIMARY KEY (id),
    CONSTRAINT customer_email_uq UNIQUE (email) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT "amount is fine" CHECK (amount >= 0 AND app.shorten(name::text) <> 'xxx')
) WITH (fillfactor=70, autovacuum_enabled=false);
ALTER TABLE app.customer DROP COLUMN dropped;
ALTER TABLE app.customer ADD COLUMN added smallint;
-- since 12
ALTER TABLE app.customer ADD COLUMN short text GENERATED ALWAYS AS (app.shorten(name::text, 2)) STORED;
-- since 18
ALTER TABLE app.customer ADD COLUMN on_the_fly numeric GENERATED ALWAYS AS (amount * 2) VIRTUAL;
-- since 18
ALTER TABLE app.customer ADD CONSTRAINT named_not_null NOT NULL happened;
ALTER TABLE app.customer ADD CONSTRAINT later CHECK (added <> 7) NOT VALID;
COMMENT ON TABLE app.customer IS 'people who pay';
COMMENT ON COLUMN app.customer."Löwe; ""x""" IS 'a wild ''name''';
CREATE INDEX customer_name ON app.customer USING btree (lower(name), amount DESC NULLS LAST) WHERE amount > 0;
-- since 11
CREATE INDEX customer_covering ON app.customer (name) INCLUDE (state);
CREATE UNIQUE INDEX customer_added ON app.customer (added DESC, email);
COMMENT ON INDEX app.customer_name IS 'for search';
CREATE INDEX customer_boxes ON app.customer USING hash (happened);

CREATE TABLE app.orders (
    id uuid NOT NULL PRIMARY KEY,
    customer_id bigint NOT NULL,
    replaces uuid,
    during tstzrange,
    CONSTRAINT orders_during EXCLUDE USING gist (customer_id WITH =, during WITH &&)
);
ALTER TABLE app.orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id)
    REFERENCES app.customer (id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE;
ALTER TABLE app.orders ADD CONSTRAINT orders_replaces FOREIGN KEY (replaces) REFERENCES app.orders (id) NOT VALID;
-- since 18
ALTER TABLE app.orders ADD CONSTRAINT unenforced CHECK (customer_id > 7) NOT ENFORCED;
-- since 15
CREATE UNIQUE INDEX orders_same ON app.orders (replaces) NULLS NOT DISTINCT;

CREATE UNLOGGED TABLE "Odd ""Names"""."select" ("from" integer, "a b" text DEFAULT 'x'';');
CREATE TABLE app.empty ();

CREATE TABLE app.base (id integer NOT NULL, note text, CONSTRAINT base_ck CHECK (id > 0));
CREATE TABLE app.a_child (extra integer) INHERITS (app.base);
CREATE TABLE app.log (id bigint NOT NULL, at date NOT NULL, text text) PARTITION BY RANGE (at);
-- since 11
ALTER TABLE app.log ADD CONSTRAINT log_pkey PRIMARY KEY (id, at);
CREATE TABLE app.log_2025 PARTITION OF app.log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.log_2026 PARTITION OF app.log (CONSTRAINT log_2026_ck CHECK (id > 5))
    FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (id);
CREATE TABLE public.log_2026_a PARTITION OF app.log_2026 FOR VALUES IN (7, 9);
-- since 11
CREATE TABLE app.log_2026_rest PARTITION OF app.log_2026 DEFAULT;
-- since 11
CREATE TABLE app.log_old PARTITION OF app.log DEFAULT;
-- since 11
CREATE INDEX log_text ON app.log (text);
CREATE INDEX log_2025_own ON app.log_2025 (at) WHERE text IS NOT NULL;
COMMENT ON TABLE app.log_2025 IS 'last year';

-- since 11
ALTER TABLE app.log ADD FOREIGN KEY (id) REFERENCES app.customer (id);

-- Views that name views whose names sort behind theirs, and a routine between two of them.
CREATE VIEW app.z_names AS SELECT id, name, email FROM app.customer WHERE amount > 0;
CREATE VIEW app.a_names WITH (security_barrier=true, check_option=local) AS SELECT id, name FROM app.z_names WHERE id > 5;
COMMENT ON VIEW app.a_names IS 'again';
COMMENT ON COLUMN app.a_names.name IS 'of the view';
CREATE FUNCTION app.of_names(n bigint) RETURNS SETOF app.z_names LANGUAGE sql STABLE
    AS $$ SELECT * FROM app.z_names WHERE id = n $$;
-- since 15
CREATE VIEW app.as_invoker WITH (security_invoker=true) AS SELECT 1 AS one;
CREATE VIEW app.b_called AS SELECT o.name FROM app.of_names(1) o;
-- since 14
CREATE FUNCTION app.total() RETURNS numeric LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) FROM app.customer; END;
CREATE MATERIALIZED VIEW app.sums AS SELECT state, sum(amount) AS total FROM app.customer GROUP BY state;
COMMENT ON MATERIALIZED VIEW app.sums IS 'kept';
CREATE UNIQUE INDEX sums_state ON app.sums (state);
CREATE VIEW app.after_sums AS SELECT total FROM app.sums;
-- since 11
CREATE PROCEDURE app.clean(IN days integer, INOUT gone integer) LANGUAGE plpgsql AS $body$
BEGIN
    DELETE FROM app.log WHERE at < current_date - days;  -- a comment; with $$ in it
    COMMIT;
END $body$;

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.happened := now(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF name, amount ON app.customer
    FOR EACH ROW WHEN (NEW.amount > 0) EXECUTE PROCEDURE app.touch();
COMMENT ON TRIGGER touch ON app.customer IS 'keeps the time';
CREATE TRIGGER never AFTER TRUNCATE ON app.customer EXECUTE PROCEDURE app.touch();
ALTER TABLE app.customer DISABLE TRIGGER never;
CREATE TRIGGER instead INSTEAD OF INSERT ON app.a_names FOR EACH ROW EXECUTE PROCEDURE app.touch();
CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON app.orders DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE PROCEDURE app.touch();
-- since 11
CREATE TRIGGER on_log AFTER INSERT ON app.log FOR EACH ROW EXECUTE PROCEDURE app.touch();
CREATE TRIGGER on_2025 AFTER DELETE ON app.log_2025 FOR EACH ROW EXECUTE PROCEDURE app.touch();

CREATE RULE no_delete AS ON DELETE TO app.base DO INSTEAD (SELECT 1; SELECT 2);
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.orders FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON app.orders AS RESTRICTIVE FOR UPDATE TO pg_monitor, CURRENT_USER
    USING (customer_id > 0) WITH CHECK (customer_id > 1);
CREATE POLICY everybody ON app.orders USING (true);
