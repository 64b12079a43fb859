//! The parser's findings in the words of PostgreSQL: `syntax error at or near "form": expected ,`.

use sql::lex::Lexer;

use crate::split::RULES;

/// A sentence about an error at `offset` of the statement.
pub fn sentence(found: &str, statement: &str, offset: usize) -> String {
    let what = readable(found);
    let rest = statement.get(offset..).unwrap_or("");
    match Lexer::new(rest, RULES).find(|t| !t.is_trivia()) {
        Some(token) => {
            let near: String = token.text(rest).chars().take(40).collect();
            format!("syntax error at or near \"{near}\": {what}")
        }
        None => format!("syntax error at the end of the statement: {what}"),
    }
}

/// What was found stands in the sentence already; kinds of tokens are named as they are written.
fn readable(found: &str) -> String {
    let end = [", found ", ", got "].iter().filter_map(|w| found.find(w)).min();
    let words = found[..end.unwrap_or(found.len())].split(' ').map(written);
    words.collect::<Vec<_>>().join(" ")
}

fn written(word: &str) -> &str {
    if let Some(keyword) = word.strip_suffix("_KW") {
        return keyword;
    }
    match word {
        "L_PAREN" => "(",
        "R_PAREN" => ")",
        "L_BRACK" => "[",
        "R_BRACK" => "]",
        "COMMA" => ",",
        "SEMICOLON" => ";",
        "DOT" => ".",
        "COLON" => ":",
        "EQ" => "=",
        "STAR" => "*",
        "FAT_ARROW" => "=>",
        "COLON_EQ" => ":=",
        "IDENT" => "a name",
        "STRING" => "a string",
        "EOF" => "the end",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_like_the_server() {
        for (sql, expect) in [
            ("selct 1", "syntax error at or near \"selct\": expected command"),
            ("create table t (id int", "syntax error at the end of the statement: expected )"),
            ("create table t (a int,, b int)", "syntax error at or near \",\": unexpected comma"),
            ("alter table t add colum x int", "syntax error at or near \"int\": expected command"),
        ] {
            let errors = crate::parse::syntax_errors(sql);
            assert_eq!(errors.first().map(|e| e.message.as_str()), Some(expect), "{sql}");
        }
    }
}
