//! Rust text with comments, strings and tests blanked out, so that a search finds code only.
//!
//! Line and column stay as they were. Not a full lexer: it knows comments (nested), strings (escaped, raw,
//! byte), characters against lifetimes, and `#[cfg(test)] mod … { }`.

/// The code that a build contains.
pub fn built(text: &str) -> String {
    without_tests(&bare(text))
}

/// Blanks out comments and the insides of literals.
fn bare(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let Some(end) = skipped_to(bytes, at) else {
            at += 1;
            continue;
        };
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    // Every blanked run began and ended on a character's border.
    String::from_utf8_lossy(&out).into_owned()
}

/// The end of the comment or literal that begins here.
fn skipped_to(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes[at..] {
        [b'/', b'/', ..] => Some(line_end(bytes, at)),
        [b'/', b'*', ..] => Some(comment_end(bytes, at)),
        [b'"', ..] => Some(string_end(bytes, at)),
        [b'r', b'"' | b'#', ..] if starts_word(bytes, at) => raw_string_end(bytes, at + 1),
        [b'\'', ..] => char_end(bytes, at),
        _ => None,
    }
}

/// A `r` or `br` that begins a literal and does not end a name.
fn starts_word(bytes: &[u8], at: usize) -> bool {
    let before = if at > 0 && bytes[at - 1] == b'b' { at - 1 } else { at };
    before == 0 || !(bytes[before - 1].is_ascii_alphanumeric() || bytes[before - 1] == b'_')
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn comment_end(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut at) = (1, at + 2);
    while at < bytes.len() && depth > 0 {
        match bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    at.min(bytes.len())
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// From the `#`s or the quote after `r`.
fn raw_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at..].iter().take_while(|&&byte| byte == b'#').count();
    if bytes.get(at + hashes) != Some(&b'"') {
        return None; // r#name
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let inside = at + hashes + 1;
    let length = bytes[inside..].windows(close.len()).position(|window| window == close);
    Some(length.map_or(bytes.len(), |length| inside + length + close.len()))
}

/// The end of a character literal; `None` for a lifetime.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        let length = bytes[at + 3..].iter().position(|&byte| byte == b'\'')?;
        return Some(at + 3 + length + 1);
    }
    let text = std::str::from_utf8(&bytes[at + 1..]).ok()?;
    let width = text.chars().next()?.len_utf8();
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + width + 2)
}

/// Blanks out `#[cfg(test)] mod name { … }`; expects bare code.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        let after = &rest[start + MARK.len()..];
        let item = after.trim_start();
        let end = if item.starts_with("mod ") || item.starts_with("pub mod ") {
            rest.len() - after.len() + block_end(after)
        } else {
            start + MARK.len()
        };
        out.push_str(&rest[..start]);
        out.extend(
            rest[start..end].chars().map(|character| if character == '\n' { '\n' } else { ' ' }),
        );
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Where the first block, or the item's `;`, ends.
fn block_end(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b';' if depth == 0 => return at + 1,
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_code_and_drops_the_rest() {
        let text = concat!(
            "//! std::fs\n",
            "use a::b; // std::fs\n",
            "/* std::fs /* nested */ std::fs */ let c = '\"'; let s = \"std::fs \\\" std::fs\";\n",
            "let r = r#\"std::fs \" std::fs\"#; let b = br\"std::fs\"; let r#type = 1;\n",
            "fn f<'a>(x: &'a str) { let q = '\\''; g('é') }\n",
        );
        let code = built(text);
        assert!(!code.contains("std::fs"), "{code}");
        for kept in ["use a::b;", "let s =", "let r#type = 1;", "fn f<'a>(x: &'a str)", "g("] {
            assert!(code.contains(kept), "{kept} is missing in\n{code}");
        }
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn drops_test_modules_only() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { if x { y } } }\nfn c() {}\n#[cfg(test)]\nfn d() {}\n";
        let code = built(text);
        assert!(code.contains("fn a") && code.contains("fn c") && code.contains("fn d"), "{code}");
        assert!(!code.contains("fn b"), "{code}");
        assert!(!built("#[cfg(test)]\nmod tests;\nfn e() {}").contains("tests"));
    }
}
