//! Whether a text is one statement that is certain to change nothing.
//!
//! It denies what it does not know: verbs, functions, unclosed quotes. Words that write are looked for everywhere outside
//! quotes, not only where the grammar has them, so that no construct of a dialect is a way around. Where a server's
//! settings change what a quote is, every reading must be harmless.
//!
//! What a text cannot tell: rights, views, operators and casts of the database, and functions that are called without
//! parentheses. A session for reading must be read-only on the server as well.

mod functions;

use crate::lex::{Lexer, Rules, Token, TokenKind};
use crate::reader::Purity;
use crate::words::unquoted;

pub use functions::COMMON;

/// What a dialect reads with.
#[derive(Debug)]
pub struct PurityRules {
    /// Verbs of queries; all of the statement is looked at.
    pub queries: &'static [&'static str],
    /// Verbs that tell about the database: words that write may stand in them, functions that do may not.
    pub shows: &'static [&'static str],
    /// Verbs that show how a statement would be run.
    pub explains: &'static [&'static str],
    /// Words after them that make the server run it.
    pub runs: &'static [&'static str],
    /// Functions beside [`COMMON`] that change nothing, in lower case.
    pub functions: &'static [&'static str],
    /// Functions and words that write, beside those of every engine, in lower case.
    pub writers: &'static [&'static str],
    /// Schemas of the server's own functions, in lower case.
    pub schemas: &'static [&'static str],
    /// Punctuation that writes or hands on to another statement.
    pub marks: &'static [&'static str],
    /// Comments `/*! … */` are run, by this server or by a relative.
    pub comments_run: bool,
    /// Other readings of the same text.
    pub readings: &'static [Rules],
}

impl PurityRules {
    pub const NONE: Self = Self {
        queries: &["SELECT", "WITH", "VALUES"],
        shows: &[],
        explains: &[],
        runs: &["ANALYZE", "ANALYSE"],
        functions: &[],
        writers: &[],
        schemas: &[],
        marks: &[],
        comments_run: false,
        readings: &[],
    };
}

/// Words that no reading statement needs outside quotes, but as the name after a dot.
const WRITING: &[&str] = &[
    "INSERT",
    "UPDATE",
    "DELETE",
    "MERGE",
    "UPSERT",
    "REPLACE",
    "INTO",
    "CREATE",
    "DROP",
    "ALTER",
    "TRUNCATE",
    "GRANT",
    "REVOKE",
    "CALL",
    "EXEC",
    "EXECUTE",
    "COPY",
    "UNLOAD",
    "EXPORT",
    "IMPORT",
    "LOCK",
    "PROCEDURE",
    "FUNCTION",
    "OUTFILE",
    "DUMPFILE",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "VACUUM",
    "REFRESH",
    "ATTACH",
    "DETACH",
    "OPTIMIZE",
    "OVERWRITE",
];
/// Those of them that are functions too, when a parenthesis follows.
const ALSO_FUNCTIONS: &[&str] = &["INSERT", "REPLACE", "TRUNCATE"];
/// Sequences move where they are read, in whatever form.
const SEQUENCES: &[&str] = &["NEXTVAL", "SETVAL", "LASTVAL"];
/// Words before a parenthesis that opens no arguments.
const NOT_CALLS: &[&str] = &[
    "IN",
    "VALUES",
    "AS",
    "AND",
    "OR",
    "XOR",
    "NOT",
    "EXISTS",
    "OVER",
    "FROM",
    "JOIN",
    "ON",
    "USING",
    "WHERE",
    "SELECT",
    "BY",
    "HAVING",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "MINUS",
    "ALL",
    "ANY",
    "SOME",
    "INTERVAL",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "FILTER",
    "GROUP",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "TOP",
    "DISTINCT",
    "SETS",
    "CUBE",
    "ROLLUP",
    "LATERAL",
    "TABLE",
    "WITH",
    "MATERIALIZED",
    "WITHIN",
    "APPLY",
    "BETWEEN",
    "LIKE",
    "ILIKE",
    "RLIKE",
    "REGEXP",
    "IS",
    "ROW",
    "ARRAY",
    "PARTITION",
    "ORDER",
    "WINDOW",
    "QUALIFY",
    "TABLESAMPLE",
    "SAMPLE",
    "PIVOT",
    "UNPIVOT",
    "FOR",
    "UNNEST",
    "STRUCT",
    "DIV",
    "MOD",
    "ESCAPE",
    "AT",
    "SEPARATOR",
    "CROSS",
    "RECURSIVE",
    "OPTION",
    "RETURNING",
    "COLUMNS",
    "PATH",
    "COLLATE",
    "FORMAT",
    "PREWHERE",
    "SETTINGS",
    "CAST",
    "XMLNAMESPACES",
    "KEEP",
    "CONNECT",
    "START",
    "PRIOR",
    "MATCH_RECOGNIZE",
    "MEASURES",
    "PATTERN",
    "DEFINE",
    "MODEL",
    "DIMENSION",
    "NEXT",
    "FIRST",
    "LAST",
    "INCLUDE",
    "EXCLUDE",
    "ANALYZE",
];
/// What EXPLAIN explains.
const EXPLAINED: &[&str] = &[
    "SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE",
    "CREATE", "ALTER", "DROP", "CALL", "EXECUTE", "DECLARE", "REFRESH", "UPSERT", "FROM",
];

/// Judges `text` by the dialect's way of reading it and by all others that a server may have.
pub fn judge(text: &str, rules: Rules, purity: &PurityRules) -> Purity {
    let first = Judge::new(text, rules, purity).judge();
    purity.readings.iter().fold(first, |worst, rules| match worst {
        Purity::Writes { .. } => worst,
        _ => match Judge::new(text, *rules, purity).judge() {
            Purity::Reads => worst,
            other => other,
        },
    })
}

struct Judge<'a> {
    text: &'a str,
    rules: &'a PurityRules,
    /// What means something, the marks of executable comments included.
    tokens: Vec<Token>,
    hidden: bool,
    open: bool,
}

fn writes(because: impl Into<String>) -> Purity {
    Purity::Writes { because: because.into() }
}

fn doubtful(because: impl Into<String>) -> Purity {
    Purity::Doubtful { because: because.into() }
}

impl<'a> Judge<'a> {
    fn new(text: &'a str, lexical: Rules, rules: &'a PurityRules) -> Self {
        let mut judge = Self { text, rules, tokens: Vec::new(), hidden: false, open: false };
        for token in Lexer::new(text, lexical) {
            judge.open |= token.open;
            let hides = |t: &str| ["/*!", "/*M!", "/*T!"].iter().any(|mark| t.starts_with(mark));
            judge.hidden |= rules.comments_run
                && (token.is_executable_mark(text)
                    || (token.kind == TokenKind::Comment && hides(token.text(text))));
            if !token.is_trivia() {
                judge.tokens.push(token);
            }
        }
        // The terminator of the one statement.
        while judge.tokens.last().is_some_and(|t| t.is(text, b';')) {
            judge.tokens.pop();
        }
        judge
    }

    fn word(&self, n: usize) -> String {
        match self.tokens.get(n) {
            Some(t) if t.kind == TokenKind::Word => t.text(self.text).to_ascii_uppercase(),
            _ => String::new(),
        }
    }

    fn is(&self, n: usize, punct: u8) -> bool {
        self.tokens.get(n).is_some_and(|t| t.is(self.text, punct))
    }

    fn judge(&self) -> Purity {
        if self.hidden {
            return writes("it has a comment that servers run");
        }
        if self.tokens.iter().any(|t| t.is(self.text, b';')) {
            return writes("it is more than one statement");
        }
        let mut first = 0;
        while self.is(first, b'(') {
            first += 1;
        }
        let verb = self.word(first);
        let among = |list: &[&str]| list.contains(&verb.as_str());
        let purity = if among(self.rules.queries) {
            self.scan(0, true)
        } else if first > 0 || verb.is_empty() {
            doubtful("it begins with no word that is known to read")
        } else if among(self.rules.explains) {
            self.explain()
        } else if among(self.rules.shows) {
            self.show()
        } else {
            writes(format!("{verb} is not known to read only"))
        };
        match purity {
            Purity::Reads if self.open => doubtful("a quote or comment is not closed"),
            purity => purity,
        }
    }

    fn show(&self) -> Purity {
        match (1..self.tokens.len()).find(|n| self.word(*n) == "INTO") {
            Some(_) => writes("INTO"),
            None => self.scan(1, false),
        }
    }

    /// Words up to what is explained are options; MariaDB's ANALYZE is one by itself.
    fn explain(&self) -> Purity {
        let inner = (1..self.tokens.len()).find(|n| EXPLAINED.contains(&self.word(*n).as_str()));
        let end = inner.unwrap_or(self.tokens.len());
        let options: Vec<String> = (0..end).map(|n| self.word(n)).collect();
        if options.iter().any(|w| w == "INTO") {
            return writes("EXPLAIN writes down what it finds");
        }
        let runs = options.iter().any(|w| self.rules.runs.contains(&w.as_str()));
        match inner {
            Some(inner) => self.scan(inner, runs || self.word(inner) == "SELECT"),
            None if runs => doubtful("it runs what it explains"),
            None => self.scan(1, true),
        }
    }

    /// Looks at every token from `from` on; `words` says whether words that write are denied.
    fn scan(&self, from: usize, words: bool) -> Purity {
        let mut doubt = Purity::Reads;
        for n in from..self.tokens.len() {
            match self.token(n, words) {
                Purity::Reads => {}
                Purity::Writes { because } => return Purity::Writes { because },
                found => {
                    if doubt == Purity::Reads {
                        doubt = found;
                    }
                }
            }
        }
        doubt
    }

    fn token(&self, n: usize, words: bool) -> Purity {
        let token = self.tokens[n];
        let rest = &self.text[token.span.start..];
        if token.kind == TokenKind::Punct {
            if let Some(mark) = self.rules.marks.iter().find(|mark| rest.starts_with(**mark)) {
                return writes(format!("{mark} may write"));
            }
            if token.is(self.text, b'\\') {
                return doubtful("\\ is a client's command");
            }
            return Purity::Reads;
        }
        let called = self.is(n + 1, b'(');
        let after_dot = n > 0 && self.is(n - 1, b'.');
        let word = self.word(n);
        if token.kind == TokenKind::Word {
            let known = |list: &[&str]| list.contains(&word.as_str());
            if known(SEQUENCES) || (word == "NEXT" && self.word(n + 1) == "VALUE") {
                return writes(format!("{word} moves a sequence"));
            }
            if words && !after_dot && known(WRITING) && !(called && known(ALSO_FUNCTIONS)) {
                return writes(word);
            }
            let locks = ["SHARE", "UPDATE", "NO", "KEY"].contains(&self.word(n + 1).as_str());
            if word == "FOR" && locks {
                return writes("it locks rows");
            }
            let lower = word.to_ascii_lowercase();
            if !after_dot && self.rules.writers.contains(&lower.as_str()) && words {
                return writes(lower);
            }
        }
        let names = matches!(token.kind, TokenKind::Word | TokenKind::Name)
            // With ANSI quotes a string is a name.
            || (token.kind == TokenKind::String && token.text(self.text).starts_with('"'));
        if called && names { self.call(n, after_dot) } else { Purity::Reads }
    }

    fn call(&self, n: usize, after_dot: bool) -> Purity {
        let token = self.tokens[n];
        let bare = token.kind == TokenKind::Word;
        let word = self.word(n);
        if bare && !after_dot && NOT_CALLS.contains(&word.as_str()) {
            return Purity::Reads;
        }
        // A type's length, or the columns of an alias: `CAST(a AS decimal(9, 2))`, `FROM … AS t (a, b)`, `a::varchar(9)`.
        let before = |back: usize| n.checked_sub(back);
        let cast = before(2).is_some_and(|at| self.is(at, b':') && self.is(at + 1, b':'));
        if cast || before(1).is_some_and(|at| self.word(at) == "AS") || self.is_cte(n + 1) {
            return Purity::Reads;
        }
        let name = unquoted(token.text(self.text)).to_lowercase();
        if self.rules.writers.contains(&name.as_str()) {
            return writes(format!("{name}()"));
        }
        let ours = !after_dot || {
            let schema = before(2).map_or("", |at| self.tokens[at].text(self.text));
            let own = self.rules.schemas.contains(&unquoted(schema).to_lowercase().as_str());
            own && !before(3).is_some_and(|at| self.is(at, b'.'))
        };
        let known = COMMON.binary_search(&name.as_str()).is_ok()
            || self.rules.functions.contains(&name.as_str());
        if ours && known {
            Purity::Reads
        } else {
            doubtful(format!("of {name}() it is not known that it changes nothing"))
        }
    }

    /// `name (columns) AS [NOT] [MATERIALIZED] (SELECT …`, from its first parenthesis.
    fn is_cte(&self, open: usize) -> bool {
        let mut at = open + 1;
        // Columns are names and commas, nothing that could be an argument worth a call.
        while self.tokens.get(at).is_some_and(|t| {
            matches!(t.kind, TokenKind::Word | TokenKind::Name) || t.is(self.text, b',')
        }) {
            at += 1;
        }
        if !self.is(at, b')') || self.word(at + 1) != "AS" {
            return false;
        }
        at += 2;
        while ["NOT", "MATERIALIZED"].contains(&self.word(at).as_str()) {
            at += 1;
        }
        self.is(at, b'(') && ["SELECT", "WITH", "VALUES"].contains(&self.word(at + 1).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: PurityRules = PurityRules {
        shows: &["SHOW"],
        explains: &["EXPLAIN"],
        writers: &["setval"],
        schemas: &["sys"],
        marks: &[":="],
        comments_run: true,
        readings: &[Rules { backslash: true, ..Rules::NONE }],
        ..PurityRules::NONE
    };

    fn told(sql: &str) -> &'static str {
        match judge(sql, Rules::NONE, &RULES) {
            Purity::Reads => "reads",
            Purity::Doubtful { .. } => "doubtful",
            Purity::Writes { .. } => "writes",
        }
    }

    #[test]
    fn what_reads() {
        for sql in [
            "select a, count(*), sys.upper(b) from t where c in (1, 2) and d = 'delete from x;';",
            "with x (a) as (select 1), y as (values (1)) select x.delete, cast(a as decimal(9, 2)) from x as z (a)",
            "(select 1) union (select 2) -- delete",
            "explain delete from t",
            "explain analyze select 1",
            "show create table t",
            "select replace(a, 'b', 'c'), row_number() over (partition by a order by b) from t",
        ] {
            assert_eq!(told(sql), "reads", "{sql}: {:?}", judge(sql, Rules::NONE, &RULES));
        }
    }

    #[test]
    fn what_does_not() {
        for (sql, expect) in [
            ("", "doubtful"),
            ("select 1; select 2", "writes"),
            ("select 'a\\'; delete from t; --'", "writes"),
            ("select evil()", "doubtful"),
            ("select sys.evil(), other.upper(a), a.sys.upper(a)", "doubtful"),
            ("select \"evil\"(1)", "doubtful"),
            ("select * from evil() as (a int)", "doubtful"),
            ("select sEtVaL /* x */ ('s', 1)", "writes"),
            ("select \"setval\"('s', 1)", "writes"),
            ("select s.nextval from dual", "writes"),
            ("select next value for s", "writes"),
            ("select 1 into t", "writes"),
            ("select 1 for update", "writes"),
            ("select 1 for no key update", "writes"),
            ("with x as (delete from t returning a) select * from x", "writes"),
            ("explain analyze delete from t", "writes"),
            ("explain (costs off, analyze) update t set a = 1", "writes"),
            ("select /*! sleep(9) */ 1", "writes"),
            ("select 1 /*T! delete */", "writes"),
            ("select @a := 1", "writes"),
            ("select 'open", "doubtful"),
            ("show tables where evil()", "doubtful"),
            ("show tables into x", "writes"),
            ("frobnicate", "writes"),
            ("delete from t", "writes"),
            ("select 1 \\! rm", "doubtful"),
        ] {
            assert_eq!(told(sql), expect, "{sql}: {:?}", judge(sql, Rules::NONE, &RULES));
        }
    }
}
