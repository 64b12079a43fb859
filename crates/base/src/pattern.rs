//! Which files of a repository are meant, `migrations/**/*.sql`, and what their text is.
//!
//! `*` and `?` stay within a folder, `**` does not; `[a-z]` and `{a,b}` as in a shell. Paths have `/` and begin at the root of the
//! repository. The pipeline client and the server share it, so that both take the same files.

use globset::{GlobBuilder, GlobMatcher};

const WILDCARDS: [char; 5] = ['*', '?', '[', '{', '\\'];

#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// Errors: what is wrong with the pattern, in a few words.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix("./").unwrap_or(text);
        let glob = GlobBuilder::new(text).literal_separator(true).build();
        let matcher = glob.map_err(|e| e.kind().to_string())?.compile_matcher();
        Ok(Self { text: text.to_owned(), matcher })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn takes(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }

    /// Why a file stays behind that the pattern does not take.
    pub fn refusal(&self) -> String {
        format!("the pattern {} does not name it", self.text)
    }

    /// The folder above the first wildcard, where every file that it can take is: `migrations`, or nothing for the root.
    pub fn folder(&self) -> &str {
        let wild = self.text.find(WILDCARDS).unwrap_or(self.text.len());
        match self.text[..wild].rsplit_once('/') {
            Some(("", _)) => "/",
            Some((folder, _)) => folder,
            None => "",
        }
    }
}

/// The text of a script, without a byte order mark, which is no part of it; nothing when there are only blanks.
///
/// Errors: the line that is not UTF-8.
pub fn script(bytes: &[u8]) -> Result<&[u8], usize> {
    if let Err(e) = std::str::from_utf8(bytes) {
        return Err(1 + bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count());
    }
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    Ok(if text.iter().all(u8::is_ascii_whitespace) { &[] } else { text })
}

/// Whether it names files by more than their path.
pub fn has_wildcard(text: &str) -> bool {
    text.contains(WILDCARDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stay_within_a_folder() {
        for (pattern, path, takes) in [
            ("db/*.sql", "db/1.sql", true),
            ("./db/*.sql", "db/1.sql", true),
            ("db/*.sql", "db/old/1.sql", false),
            ("db/**/*.sql", "db/old/1.sql", true),
            ("db/**/*.sql", "db/1.sql", true),
            ("{a,b}/[0-9].sql", "b/7.sql", true),
            ("db/1.sql", "db/1.sql", true),
        ] {
            assert_eq!(Pattern::new(pattern).unwrap().takes(path), takes, "{pattern} {path}");
        }
        assert!(Pattern::new("db/[").is_err());
    }

    #[test]
    fn a_script_is_text_without_a_mark() {
        assert_eq!(script("\u{feff}SELECT 1;".as_bytes()), Ok(b"SELECT 1;".as_slice()));
        assert_eq!(script(b" \n\t"), Ok(b"".as_slice()));
        assert_eq!(script(b"SELECT 1;\n\xff"), Err(2));
    }

    #[test]
    fn the_folder_ends_before_the_first_wildcard() {
        for (pattern, folder) in
            [("db/x/*.sql", "db/x"), ("{a,b}/*.sql", ""), ("a/b.sql", "a"), ("/*.sql", "/")]
        {
            assert_eq!(Pattern::new(pattern).unwrap().folder(), folder, "{pattern}");
        }
    }
}
