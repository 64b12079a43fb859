//! How wide VALUES is: the tree does not keep literals.

use sql::lex::Lexer;

use crate::split::RULES;

/// The number of expressions in the first row.
pub fn width(values: &str) -> usize {
    let (mut depth, mut width) = (0, 0);
    for token in Lexer::new(values, RULES).filter(|t| !t.is_trivia()) {
        if token.is(values, b'(') || token.is(values, b'[') {
            depth += 1;
        } else if token.is(values, b')') || token.is(values, b']') {
            depth -= 1;
            if depth == 0 {
                return width;
            }
        } else if token.is(values, b',') && depth == 1 {
            width += 1;
        } else if depth == 0 {
            continue;
        }
        width = width.max(1);
    }
    width
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn counts_the_first_row() {
        assert_eq!(width("VALUES (1, f(a, b), ARRAY[1, 2]), (1)"), 3);
        assert_eq!(width("values ('a,b')"), 1);
        assert_eq!(width(""), 0);
    }
}
