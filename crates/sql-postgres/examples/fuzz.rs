//! Texts that nobody would write, for PostgreSQL's reader: no panic, none over a second, the tree holds the whole text.
//! `cargo run -p sql-postgres --profile quick --example fuzz [INPUTS [SEED]]`.
//!
//! A text is a statement of the conformance corpus (or of a few kept here) whose parts were cut, repeated, swapped with those
//! of another, or replaced by what means something to a lexer. The same seed gives the same texts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use schema::Catalog;
use sql::{Dialect as _, fix};
use sql_postgres::DIALECT;

const KEPT: &[&str] = &[
    "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text NOT NULL DEFAULT 'x' CHECK (n <> ''))",
    "ALTER TABLE ONLY s.t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id) ON DELETE CASCADE, ALTER n SET NOT NULL",
    "WITH x AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM x ON CONFLICT (id) DO UPDATE SET a = excluded.a",
    "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN a + 1; END $f$",
    "SELECT a.b, c[1:2], d->>'x' FROM t AS a LEFT JOIN LATERAL (SELECT 1) q ON true WHERE x IN (1, 2) ORDER BY 1 LIMIT 5",
    "CREATE INDEX i ON t USING gin (lower(a), b DESC) WHERE c IS NULL; DROP INDEX i, j CASCADE; REINDEX TABLE t",
];
const PIECES: &[&str] = &[
    ";",
    "'",
    "''",
    "\"",
    "$$",
    "$a$",
    "\\",
    "--",
    "\n",
    "/*",
    "*/",
    "(",
    ")",
    "[",
    "]",
    "::",
    ".",
    ",",
    "E'",
    "U&\"",
    "\u{feff}",
    "\0",
    "é",
    "😀",
    "1e9",
    "0x",
    "$1",
    "=",
    "->",
    "CASE",
    "BEGIN ATOMIC",
    "END",
    "NOT",
    "SELECT",
    "FROM",
    "UNION ALL",
    "WITH",
    "AS",
    "LATERAL",
    "INTERVAL",
    "CAST(",
    "ARRAY[",
    "ROW(",
    "OVER (",
    "CREATE",
    "ALTER TABLE",
    "ADD",
    "DEFAULT",
    "CHECK (",
    "VALUES",
    "NULL",
];
/// Longest text: most mistakes show in short ones.
const MOST: usize = 400;

/// xorshift: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap_or(0)
    }

    fn of<'a>(&mut self, list: &'a [String]) -> &'a str {
        list.get(self.below(list.len())).map_or("", String::as_str)
    }
}

#[expect(clippy::print_stdout, reason = "a measurement is for a person")]
fn main() {
    let mut args = std::env::args().skip(1);
    let mut number = |or: u64| args.next().and_then(|a| a.parse().ok()).unwrap_or(or);
    let (inputs, seed) = (number(100_000), number(1));
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let rows = testkit::conformance::rows("corpus/pg.jsonl", None).unwrap_or_default();
    let mut corpus: Vec<String> =
        rows.iter().filter_map(|r| r["sql"].as_str()).map(str::to_owned).collect();
    corpus.retain(|s| s.len() <= MOST);
    corpus.extend(KEPT.iter().map(|s| (*s).to_owned()));
    // Reported below, once each.
    std::panic::set_hook(Box::new(|_| {}));
    let started = Instant::now();
    let (mut bytes, mut slowest, mut broken) = (0usize, 0.0f64, Vec::new());
    for n in 0..inputs {
        let text = mutated(&mut random, &corpus);
        bytes += text.len();
        let begun = Instant::now();
        let wrong = catch_unwind(AssertUnwindSafe(|| check(&text)))
            .unwrap_or_else(|_| Some("it panics".to_owned()));
        let seconds = begun.elapsed().as_secs_f64();
        slowest = slowest.max(seconds);
        let slow = (seconds > 1.0).then(|| format!("it takes {seconds:.1} s"));
        if let Some(why) = wrong.or(slow) {
            println!("input {n}: {why}: {text:?}");
            broken.push(n);
        }
        if n > 0 && n % 1_000_000 == 0 {
            println!(
                "{n} inputs in {:.0} s, {} broken",
                started.elapsed().as_secs_f64(),
                broken.len()
            );
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{inputs} inputs of seed {seed}, {bytes} bytes in {seconds:.0} s, slowest {:.1} ms, {} broken",
        slowest * 1e3,
        broken.len()
    );
    assert!(broken.is_empty(), "{broken:?}");
}

fn mutated(random: &mut Random, corpus: &[String]) -> String {
    let mut text = random.of(corpus).to_owned();
    for _ in 0..=random.below(4) {
        let (from, to) = range(random, &text);
        match random.below(6) {
            0 => text.replace_range(from..to, ""),
            1 => text.insert_str(from, PIECES[random.below(PIECES.len())]),
            2 => text.replace_range(from..to, PIECES[random.below(PIECES.len())]),
            3 => {
                let part = text[from..to].repeat(1 + random.below(8));
                text.insert_str(to, &part);
            }
            4 => text.truncate(to),
            _ => {
                let other = random.of(corpus);
                let (a, b) = range(random, other);
                text.replace_range(from..to, &other[a..b]);
            }
        }
        let most = floor(&text, MOST);
        text.truncate(most);
    }
    text
}

/// A part of the text, mostly a short one.
fn range(random: &mut Random, text: &str) -> (usize, usize) {
    let from = floor(text, random.below(text.len() + 1));
    let to = floor(text, (from + random.below(30)).min(text.len()));
    (from, to.max(from))
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What is wrong with how a text is read.
fn check(text: &str) -> Option<String> {
    let script = DIALECT.parse(text);
    let mut catalog = Catalog::default();
    for statement in &script.statements {
        let own = statement.span().of(text);
        DIALECT.classify(own);
        DIALECT.forecast(statement, own, None, None);
        DIALECT.span(&catalog, statement, own);
        // An error is an answer.
        let _applied = DIALECT.apply(&mut catalog, statement).is_ok();
        if sql_postgres::tree_text(own).is_some_and(|tree| tree != own) {
            return Some("the tree does not hold the text".to_owned());
        }
    }
    let fixes = DIALECT.safer(&script, text, None, None);
    let fixed = fix::apply(text, fixes.values());
    // What could be read can still be read.
    let is_right = |s: &sql::tree::Script| s.errors().next().is_none();
    let unreadable = fixed.made > 0 && is_right(&script) && !is_right(&DIALECT.parse(&fixed.text));
    unreadable.then(|| format!("the rewrite cannot be read: {:?}", fixed.text))
}
