//! Line commands of SQL*Plus.

use base::Span;
use sql::lex::{Token, TokenKind};

/// Commands that are skipped: they set up or show something in the client. EXECUTE runs code and is not among them.
const COMMANDS: [&str; 62] = [
    "ACC",
    "ACCEPT",
    "ARCHIVE",
    "ATTRIBUTE",
    "BRE",
    "BREAK",
    "BTI",
    "BTITLE",
    "CL",
    "CLEAR",
    "COL",
    "COLUMN",
    "COMP",
    "COMPUTE",
    "CONN",
    "CONNECT",
    "DEF",
    "DEFINE",
    "DESC",
    "DESCRIBE",
    "DISC",
    "DISCONNECT",
    "ED",
    "EDIT",
    "EXIT",
    "GET",
    "HELP",
    "HIST",
    "HISTORY",
    "HO",
    "HOST",
    "LIST",
    "PASSW",
    "PASSWORD",
    "PAU",
    "PAUSE",
    "PRI",
    "PRINT",
    "PRO",
    "PROMPT",
    "QUIT",
    "RECOVER",
    "REM",
    "REMARK",
    "REPF",
    "REPFOOTER",
    "REPH",
    "REPHEADER",
    "RUN",
    "SHO",
    "SHOW",
    "SHUTDOWN",
    "SPO",
    "SPOOL",
    "STA",
    "STARTUP",
    "STORE",
    "TIMI",
    "TIMING",
    "TTI",
    "TTITLE",
    "UNDEFINE",
];
const MORE: [&str; 5] = ["UNDEF", "VAR", "VARIABLE", "WHENEVER", "START"];
/// SET with one of these is SQL.
const SQL_SETS: [&str; 4] = ["ROLE", "TRANSACTION", "CONSTRAINT", "CONSTRAINTS"];

/// Where the command that begins with `token` ends, its line break included; None when the token begins a statement.
pub(super) fn command(script: &str, token: &Token) -> Option<usize> {
    let rest = &script[token.span.start..];
    let word = token.text(script);
    let is = |w: &&str| word.eq_ignore_ascii_case(w);
    let begins = match token.kind {
        TokenKind::Punct => matches!(word, "@" | "!"),
        TokenKind::Word if is(&"SET") => {
            let next = rest[word.len()..].split_whitespace().next().unwrap_or("");
            let next = next.trim_end_matches(';');
            !SQL_SETS.iter().any(|w| next.eq_ignore_ascii_case(w))
        }
        TokenKind::Word => COMMANDS.iter().chain(&MORE).any(is),
        _ => false,
    };
    begins.then(|| token.span.start + line(rest))
}

/// `EXEC[UTE] …`: a line as well, but one that runs something. Gives the statement, without its semicolon, and the line's
/// end, its break not included.
pub(super) fn execute(script: &str, token: &Token) -> Option<(Span, usize)> {
    if !token.is_word(script, "EXEC") && !token.is_word(script, "EXECUTE") {
        return None;
    }
    let rest = &script[token.span.start..];
    let whole = rest[..line(rest)].trim_end_matches(['\n', '\r']);
    let statement = whole.trim_end().trim_end_matches(';').trim_end();
    let start = token.span.start;
    Some((Span::new(start, start + statement.len()), start + whole.len()))
}

/// Length of a line with its break; a hyphen at its end takes the next one along.
fn line(text: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        length += line.len();
        if !line.trim_end().ends_with('-') {
            break;
        }
    }
    length
}
