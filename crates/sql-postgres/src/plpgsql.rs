//! Bodies in PL/pgSQL, cut into their statements.
//!
//! Heads of loops and branches count as statements; the words that only frame others are left out. Works on tokens
//! and never fails.

use sql::lex::{Lexer, Token};

use crate::split::RULES;

/// The text from the first token to the last.
pub fn text<'b>(body: &'b str, tokens: &[Token]) -> &'b str {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => &body[first.span.start..last.span.end],
        _ => "",
    }
}

/// Where one of the words stands outside of parentheses.
pub fn position(body: &str, tokens: &[Token], words: &[&str]) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().position(|t| {
        if t.is(body, b'(') {
            depth += 1;
        } else if t.is(body, b')') {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && words.iter().any(|w| t.is_word(body, w))
    })
}

/// The statements of a body, heads of loops and branches among them, without the words that only frame.
pub fn statements(body: &str) -> Vec<Vec<Token>> {
    const FRAMES: &[&str] = &["begin", "declare", "else", "exception", "loop"];
    let mut found = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    let (mut depth, mut cases, mut label) = (0_usize, 0_usize, 0_usize);
    for token in Lexer::new(body, RULES).filter(|t| !t.is_trivia()) {
        let is = |word: &str| token.is_word(body, word);
        if current.is_empty() {
            // <<label>>
            if token.is(body, b'<') || (label > 0 && !token.is(body, b'>')) {
                label = 2;
                continue;
            }
            if label > 0 {
                label -= 1;
                continue;
            }
            if token.is(body, b';') || FRAMES.iter().any(|w| is(w)) {
                continue;
            }
            (depth, cases) = (usize::from(token.is(body, b'(')), 0);
            current.push(token);
            continue;
        }
        if token.is(body, b'(') {
            depth += 1;
        } else if token.is(body, b')') {
            depth = depth.saturating_sub(1);
        } else if is("case") {
            cases += 1;
        } else if is("end") {
            cases = cases.saturating_sub(1);
        }
        let ends = token.is(body, b';') || (cases == 0 && ends_head(body, &current[0], &token));
        if depth == 0 && ends {
            found.push(std::mem::take(&mut current));
        } else {
            current.push(token);
        }
    }
    if !current.is_empty() {
        found.push(current);
    }
    found
}

/// THEN and LOOP end heads; in MERGE and as names they mean something else.
fn ends_head(body: &str, first: &Token, token: &Token) -> bool {
    let heads: &[&str] = if token.is_word(body, "then") {
        &["if", "elsif", "elseif", "when", "case"]
    } else if token.is_word(body, "loop") {
        &["for", "foreach", "while"]
    } else {
        return false;
    };
    heads.iter().any(|h| first.is_word(body, h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_fall_apart() {
        let body = "<<l>> DECLARE a int := 1; BEGIN IF a = case when b then 1 else 2 end THEN x := 1; ELSE RETURN a; \
                    END IF; FOR r IN SELECT 1 LOOP NULL; END LOOP; CASE a WHEN 1 THEN y := 2; END CASE; END;";
        let parts: Vec<_> = statements(body).iter().map(|s| text(body, s)).collect();
        assert_eq!(
            parts,
            [
                "a int := 1",
                "IF a = case when b then 1 else 2 end",
                "x := 1",
                "RETURN a",
                "END IF",
                "FOR r IN SELECT 1",
                "NULL",
                "END LOOP",
                "CASE a WHEN 1",
                "y := 2",
                "END CASE",
                "END",
            ]
        );
        let merge = "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE; NULL;";
        let parts: Vec<_> = statements(merge).iter().map(|s| text(merge, s)).collect();
        assert_eq!(parts, [merge.trim_end_matches("; NULL;"), "NULL"]);
    }
}
