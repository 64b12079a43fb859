//! What the name of a file says: `V1.2__add_orders_ddl.sql` is version 1.2, "add orders", and meant to hold DDL.

use super::Version;

/// What was read in a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName<'a> {
    /// Without the `v` before it.
    pub version: &'a str,
    /// For people; may be empty.
    pub description: String,
    pub hint: Option<Hint>,
}

/// What the author says that the file holds. What it really holds is read from its statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    Ddl,
    Dml,
    /// A change that shall not block writers of a large table.
    Ghost,
}

/// Why a name has no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nameless {
    /// It does not begin with a number.
    NoNumber,
    /// A part of the number has more than 64 bits, or the whole is too long.
    TooLarge,
}

impl Nameless {
    pub const fn message(self) -> &'static str {
        match self {
            Self::NoNumber => {
                "its name does not begin with a version; name it as <version>_<description>.sql, e.g. 20261127_add_orders.sql"
            }
            Self::TooLarge => {
                "the version in its name is too large; use dotted numbers below 2^64, at most 200 digits in all"
            }
        }
    }
}

impl Hint {
    /// As it ends a name, without the `_`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Ddl => "ddl",
            Self::Dml => "dml",
            Self::Ghost => "ghost",
        }
    }
}

/// Reads the last part of a path: an optional `v`, dotted numbers, then free text without the extension.
pub fn file_name(path: &str) -> Result<FileName<'_>, Nameless> {
    let base = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = match base.rsplit_once('.') {
        Some((stem, extension)) if !extension.bytes().all(|b| b.is_ascii_digit()) => stem,
        _ => base,
    };
    let number = stem.strip_prefix(['v', 'V']).unwrap_or(stem);
    let end = number_end(number).ok_or(Nameless::NoNumber)?;
    let (version, rest) = number.split_at(end);
    if Version::parse(version).is_none() {
        return Err(Nameless::TooLarge);
    }
    let (rest, hint) = split_hint(rest);
    let words = rest.split(['_', '-', ' ', '.']).filter(|word| !word.is_empty());
    Ok(FileName { version, description: words.collect::<Vec<_>>().join(" "), hint })
}

/// Where `1`, `1.2` or `1.2.10` ends at the beginning of a text.
fn number_end(text: &str) -> Option<usize> {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    if end == 0 {
        return None;
    }
    while text[end..].starts_with('.') {
        let more = digits(end + 1);
        if more == 0 {
            break;
        }
        end += 1 + more;
    }
    Some(end)
}

fn split_hint(rest: &str) -> (&str, Option<Hint>) {
    for hint in [Hint::Ddl, Hint::Dml, Hint::Ghost] {
        let Some(cut) = rest.len().checked_sub(hint.suffix().len()) else { continue };
        let (Some(before), Some(word)) = (rest.get(..cut), rest.get(cut..)) else { continue };
        if word.eq_ignore_ascii_case(hint.suffix()) && before.ends_with('_') {
            return (before, Some(hint));
        }
    }
    (rest, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> (String, String, Option<Hint>) {
        let name = file_name(path).unwrap();
        (name.version.to_owned(), name.description, name.hint)
    }

    #[test]
    fn version_description_and_hint_are_told_apart() {
        for (path, version, description, hint) in [
            ("1.sql", "1", "", None),
            ("db/V1.2.10__add_orders.sql", "1.2.10", "add orders", None),
            ("v0042-create.sql", "0042", "create", None),
            ("20261127.0930_fill_orders_dml.sql", "20261127.0930", "fill orders", Some(Hint::Dml)),
            ("3_widen_GHOST.sql", "3", "widen", Some(Hint::Ghost)),
            ("4_ddl.sql", "4", "", Some(Hint::Ddl)),
            ("5_addl.sql", "5", "addl", None),
            ("6abc.sql", "6", "abc", None),
            ("7..sql", "7", "", None),
            ("8.1", "8.1", "", None),
            ("dir.2/9_é.sql", "9", "é", None),
            (r"a\b\10_x.sql", "10", "x", None),
        ] {
            let expected = (version.to_owned(), description.to_owned(), hint);
            assert_eq!(read(path), expected, "{path}");
        }
    }

    #[test]
    fn what_has_no_version_says_why() {
        for path in ["", "README.md", "seed.sql", "v.sql", "vv1.sql", "dir1/x.sql", "é1.sql"] {
            assert_eq!(file_name(path), Err(Nameless::NoNumber), "{path}");
        }
        assert_eq!(file_name("18446744073709551616_x.sql"), Err(Nameless::TooLarge));
    }
}
