//! Measures a text before it is parsed. The parser of the crate `cel` recurses: a few thousand dots or parentheses overflow
//! any stack, which ends the process. What passes here fits on the stack of the thread that parses, and its tree on that of
//! any thread.

use base::Span;

use super::CelError;

/// Longest condition, in bytes: a few hundred names of databases.
const MAX_BYTES: usize = 64 * 1024;
/// Words, signs and texts.
const MAX_TOKENS: usize = 4_000;
/// What one nesting costs, against one step of a chain.
const NESTING: usize = 2;
/// Nesting and chains together.
const MAX_WEIGHT: usize = 64;

/// Refuses what is too long, nested too deep or chained too far.
pub(super) fn measure(text: &str) -> Result<(), CelError> {
    if text.len() > MAX_BYTES {
        let what = format!("a condition has at most {MAX_BYTES} bytes; these are {}", text.len());
        return Err(CelError::at("", Span::default(), what));
    }
    if let Some(at) = text.find('\0') {
        return Err(CelError::at(text, Span::new(at, at + 1), "a condition has no zero byte"));
    }
    let bytes = text.as_bytes();
    let (mut at, mut tokens) = (0, 0);
    let mut levels = vec![Level::default()];
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | 0x0c => {
                at += 1;
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'"' | b'\'' => {
                let before = &bytes[at.saturating_sub(2)..at];
                at = string(bytes, at, before.iter().any(|b| matches!(b, b'r' | b'R')));
            }
            b'(' | b'[' | b'{' => {
                // What is called or indexed is below the call, so the chain goes on.
                step(&mut levels);
                levels.push(Level::default());
                at += 1;
            }
            b')' | b']' | b'}' => {
                if levels.len() > 1 {
                    levels.pop();
                }
                at += 1;
            }
            b',' => {
                here(&mut levels, |level| *level = Level::default());
                at += 1;
            }
            b'?' => {
                here(&mut levels, |level| level.choices += 1);
                at += 1;
            }
            b'&' | b'|' => {
                // Terms of these two stand beside each other in the tree.
                here(&mut levels, |level| level.chain = 0);
                at += 1 + usize::from(bytes.get(at + 1) == Some(&byte));
            }
            _ if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 => {
                while bytes
                    .get(at)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80)
                {
                    at += 1;
                }
                if &bytes[start..at] == b"in" {
                    step(&mut levels);
                }
            }
            _ => {
                step(&mut levels);
                at += 1;
            }
        }
        tokens += 1;
        let weight = levels.iter().map(|l| l.chain + l.choices * NESTING).sum::<usize>();
        let weight = weight + (levels.len() - 1) * NESTING;
        if weight > MAX_WEIGHT {
            return Err(CelError::at(
                text,
                Span::new(start, at),
                "this is nested or chained too deep; make it simpler",
            ));
        }
        if tokens > MAX_TOKENS {
            let what = format!("a condition has at most {MAX_TOKENS} words and signs");
            return Err(CelError::at(text, Span::new(start, at), what));
        }
    }
    Ok(())
}

/// What is below one open bracket.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    /// Dots, calls and operators in a row.
    chain: usize,
    /// `?`: all that follows is below it.
    choices: usize,
}

fn here(levels: &mut [Level], change: impl FnOnce(&mut Level)) {
    if let Some(level) = levels.last_mut() {
        change(level);
    }
}

fn step(levels: &mut [Level]) {
    here(levels, |level| level.chain += 1);
}

/// The byte after the string that begins at `open`; the end of the text for one without an end.
fn string(bytes: &[u8], open: usize, raw: bool) -> usize {
    let quote = bytes[open];
    let triple = bytes.get(open..open + 3) == Some(&[quote; 3]);
    let width = if triple { 3 } else { 1 };
    let mut at = open + width;
    while at < bytes.len() {
        if bytes[at] == b'\\' && !raw {
            at += 2;
        } else if bytes.get(at..at + width).is_some_and(|b| b.iter().all(|b| *b == quote)) {
            return at + width;
        } else if !triple && bytes[at] == b'\n' {
            // The parser tells of it; what follows is measured as code.
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}
