//! What the statement so far can go on with.

use sql::lex::{Token, TokenKind};

/// What a token is to the statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It is part of it.
    Goes,
    /// It is its last.
    Ends,
    /// It begins the next statement.
    Begins,
}

/// Reserved words that begin statements.
const STARTERS: [&str; 43] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "MERGE",
    "EXEC",
    "EXECUTE",
    "SET",
    "DECLARE",
    "PRINT",
    "RAISERROR",
    "THROW",
    "RETURN",
    "GOTO",
    "WAITFOR",
    "TRUNCATE",
    "USE",
    "KILL",
    "DBCC",
    "CREATE",
    "ALTER",
    "DROP",
    "GRANT",
    "REVOKE",
    "DENY",
    "BACKUP",
    "RESTORE",
    "COMMIT",
    "ROLLBACK",
    "SAVE",
    "OPEN",
    "CLOSE",
    "FETCH",
    "DEALLOCATE",
    "IF",
    "WHILE",
    "BEGIN",
    "BREAK",
    "CONTINUE",
    "CHECKPOINT",
    "RECONFIGURE",
    "SHUTDOWN",
    "BULK",
];
/// Words before `IF EXISTS` that is no statement.
const OBJECTS: [&str; 20] = [
    "TABLE",
    "VIEW",
    "PROCEDURE",
    "PROC",
    "FUNCTION",
    "TRIGGER",
    "INDEX",
    "SCHEMA",
    "DATABASE",
    "COLUMN",
    "CONSTRAINT",
    "TYPE",
    "SEQUENCE",
    "SYNONYM",
    "ROLE",
    "USER",
    "RULE",
    "DEFAULT",
    "ASSEMBLY",
    "STATISTICS",
];
/// BEGIN with one of these opens no block.
const NO_BLOCK: [&str; 5] = ["TRAN", "TRANSACTION", "DISTRIBUTED", "DIALOG", "CONVERSATION"];

/// Words that decide something without beginning a statement.
const OTHERS: [&str; 29] = [
    "ADD",
    "ALL",
    "AS",
    "CASE",
    "CATCH",
    "CONVERSATION",
    "DIALOG",
    "DISABLE",
    "DISTRIBUTED",
    "ELSE",
    "ENABLE",
    "END",
    "EXCEPT",
    "FOR",
    "FROM",
    "INTERSECT",
    "MODIFY",
    "ON",
    "OR",
    "REBUILD",
    "ROW",
    "ROWS",
    "SWITCH",
    "THEN",
    "TO",
    "TRY",
    "UNION",
    "VALUES",
    "WITH",
];

/// The keyword that a word is, in capitals, and whether it may begin a statement; empty for any other word.
fn keyword(word: &str) -> (&'static str, bool) {
    let first = word.bytes().next().map_or(0, |b| b.to_ascii_uppercase());
    let letter = usize::from(first.wrapping_sub(b'A'));
    let Some(words) = KEYWORDS.get(letter) else { return ("", false) };
    let found = words.iter().find(|(k, _)| k.len() == word.len() && k.eq_ignore_ascii_case(word));
    found.copied().unwrap_or(("", false))
}

/// Whether a word may be a keyword, or a GO line: a few others pass, too.
pub(super) fn matters(word: &[u8]) -> bool {
    let letter = usize::from(word[0].to_ascii_uppercase().wrapping_sub(b'A'));
    LENGTHS.get(letter).is_some_and(|lengths| word.len() < 32 && lengths >> word.len() & 1 == 1)
}

/// Lengths of the keywords by first letter, a bit each.
const LENGTHS: [u32; 26] = {
    let mut table = [0; 26];
    // GO
    table[6] = 1 << 2;
    let mut letter = 0;
    while letter < table.len() {
        let mut n = 0;
        while n < KEYWORDS[letter].len() {
            let length = KEYWORDS[letter][n].0.len();
            if length > 0 {
                table[letter] |= 1 << length;
            }
            n += 1;
        }
        letter += 1;
    }
    table
};

/// By first letter. The compiler refuses the table when a letter has more words than fit.
const KEYWORDS: [[(&str, bool); 12]; 26] = {
    let mut table = [[("", false); 12]; 26];
    let mut used = [0; 26];
    let lists: [&[&str]; 3] = [&STARTERS, &OBJECTS, &OTHERS];
    let mut list = 0;
    while list < lists.len() {
        let mut n = 0;
        while n < lists[list].len() {
            let word = lists[list][n];
            let letter = (word.as_bytes()[0] - b'A') as usize;
            table[letter][used[letter]] = (word, list == 0);
            used[letter] += 1;
            n += 1;
        }
        list += 1;
    }
    table
};

#[derive(Debug, Default)]
pub(super) struct State {
    /// The simple statement's verb: within IF, that of its body.
    verb: &'static str,
    /// The word before, if it is a keyword, or a dot; empty for anything else.
    before: &'static str,
    seen: usize,
    parens: usize,
    /// BEGIN and CASE that no END has closed.
    blocks: usize,
    /// CASE expressions outside blocks.
    cases: usize,
    /// It reaches to the end of the batch.
    batch: bool,
    /// The body of an IF, ELSE or WHILE is still to come.
    wants_body: bool,
    /// An IF: ELSE may follow.
    conditional: bool,
    /// WITH: the statement proper is still to come.
    wants_main: bool,
    /// INSERT: the source of its rows is still to come.
    wants_source: bool,
    /// UPDATE and ALTER: SET, or the action, is still to come.
    wants_action: bool,
    /// GRANT and the like: words up to ON or TO are permissions.
    permissions: bool,
    /// `END TRY`: a CATCH block follows.
    tried: bool,
}

impl State {
    /// Tokens have passed that decide nothing.
    pub(super) fn pass(&mut self) {
        self.before = "";
        self.seen += 1;
    }

    /// Takes a token; `following` gives the one after it.
    pub(super) fn see(
        &mut self,
        script: &str,
        token: &Token,
        following: impl Fn() -> Option<Token>,
    ) -> Next {
        let follows = |words: &[&str]| {
            following().is_some_and(|t| words.iter().any(|w| t.is_word(script, w)))
        };
        let next = self.judge(script, token, &follows);
        if next == Next::Goes {
            self.seen += 1;
        }
        next
    }

    fn judge(&mut self, script: &str, token: &Token, follows: &dyn Fn(&[&str]) -> bool) -> Next {
        if token.kind != TokenKind::Word {
            return self.punctuation(script, token, follows);
        }
        let (word, starts) = keyword(token.text(script));
        let before = std::mem::replace(&mut self.before, word);
        if word.is_empty() {
            return Next::Goes;
        }
        if self.batch || before == "." {
            return Next::Goes;
        }
        if self.blocks > 0 {
            self.in_block(word, follows);
            return Next::Goes;
        }
        match word {
            "CASE" => self.cases += 1,
            "END" => self.cases = self.cases.saturating_sub(1),
            _ => {}
        }
        if self.parens > 0 || self.cases > 0 {
            return Next::Goes;
        }
        if word == "ELSE" && self.conditional {
            self.simple("");
            self.wants_body = true;
            return Next::Goes;
        }
        let triggers =
            matches!(word, "ENABLE" | "DISABLE") && self.verb != "ALTER" && follows(&["TRIGGER"]);
        if starts || triggers {
            return self.starter(word, before, follows);
        }
        self.other(word, before);
        Next::Goes
    }

    fn punctuation(
        &mut self,
        script: &str,
        token: &Token,
        follows: &dyn Fn(&[&str]) -> bool,
    ) -> Next {
        self.before = if token.is(script, b'.') { "." } else { "" };
        if token.is(script, b'(') {
            self.parens += 1;
        } else if token.is(script, b')') {
            self.parens = self.parens.saturating_sub(1);
        } else if token.is(script, b';') && !self.batch && self.blocks == 0 {
            let goes = self.conditional && follows(&["ELSE"]);
            return if goes { Next::Goes } else { Next::Ends };
        }
        Next::Goes
    }

    fn in_block(&mut self, word: &str, follows: &dyn Fn(&[&str]) -> bool) {
        match word {
            "BEGIN" if !follows(&NO_BLOCK) => self.blocks += 1,
            "CASE" => self.blocks += 1,
            "END" if !follows(&["CONVERSATION"]) => {
                self.blocks -= 1;
                if self.blocks == 0 {
                    self.tried = follows(&["TRY"]);
                }
            }
            _ => {}
        }
    }

    /// A word that may begin a statement.
    fn starter(
        &mut self,
        word: &'static str,
        before: &str,
        follows: &dyn Fn(&[&str]) -> bool,
    ) -> Next {
        if self.seen == 0 || self.wants_body {
            self.begin(word, follows);
            return Next::Goes;
        }
        if self.goes_on(word, before) {
            match word {
                "BEGIN" if self.tried => {
                    self.tried = false;
                    self.blocks = 1;
                }
                _ => {}
            }
            return Next::Goes;
        }
        Next::Begins
    }

    /// Whether the statement has a place for this word.
    fn goes_on(&mut self, word: &'static str, before: &str) -> bool {
        if self.permissions || (self.verb == "CREATE SCHEMA" && matches!(word, "CREATE" | "GRANT"))
        {
            return true;
        }
        let changes = matches!(word, "INSERT" | "UPDATE" | "DELETE" | "MERGE");
        if self.wants_main && (changes || word == "SELECT") {
            self.wants_main = false;
            self.simple(word);
            return true;
        }
        match word {
            "SELECT" => {
                matches!(before, "UNION" | "ALL" | "EXCEPT" | "INTERSECT" | "AS" | "FOR")
                    || std::mem::take(&mut self.wants_source)
            }
            "INSERT" | "UPDATE" | "DELETE" => {
                matches!(before, "ON" | "FOR" | "BULK")
                    || (self.verb == "MERGE" && before == "THEN")
            }
            "EXEC" | "EXECUTE" => before == "WITH" || std::mem::take(&mut self.wants_source),
            "SET" => {
                matches!(before, "UPDATE" | "DELETE") || std::mem::take(&mut self.wants_action)
            }
            "ALTER" if before == "OR" => true,
            "GRANT" => before == "WITH",
            "DROP" | "ALTER" => self.verb == "ALTER" && std::mem::take(&mut self.wants_action),
            "FETCH" => matches!(before, "ROW" | "ROWS"),
            "IF" => OBJECTS.contains(&before),
            "BEGIN" => self.tried,
            _ => false,
        }
    }

    /// Begins a statement, or the body of one.
    fn begin(&mut self, word: &'static str, follows: &dyn Fn(&[&str]) -> bool) {
        self.wants_body = false;
        self.simple(word);
        match word {
            "BEGIN" if !follows(&NO_BLOCK) => self.blocks = 1,
            "IF" => {
                self.conditional = true;
                self.wants_body = true;
            }
            "WHILE" => self.wants_body = true,
            _ => {}
        }
    }

    /// What a simple statement of this verb still wants.
    fn simple(&mut self, verb: &'static str) {
        self.verb = verb;
        self.wants_source = verb == "INSERT";
        self.wants_action = matches!(verb, "UPDATE" | "ALTER");
        self.permissions = matches!(verb, "GRANT" | "REVOKE" | "DENY");
        self.wants_main = false;
    }

    /// A word that begins no statement, but may decide what the next one is.
    fn other(&mut self, word: &str, before: &str) {
        let creates =
            matches!(self.verb, "CREATE" | "ALTER") && matches!(before, "CREATE" | "ALTER");
        match word {
            "PROC" | "PROCEDURE" | "FUNCTION" | "TRIGGER" if creates => self.batch = true,
            "SCHEMA" if creates => self.verb = "CREATE SCHEMA",
            "WITH" if self.seen == 0 || self.wants_body || matches!(before, "AS" | "FOR") => {
                self.wants_main = true;
                self.wants_body = false;
            }
            "VALUES" => self.wants_source = false,
            "ON" | "TO" | "FROM" => self.permissions = false,
            "ADD" | "REBUILD" | "SWITCH" | "MODIFY" => self.wants_action = false,
            _ => {}
        }
    }
}
