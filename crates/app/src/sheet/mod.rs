//! Sheets: the SQL of changes, named by the SHA-256 of its content, so a reviewed text cannot change under its name.

mod create;
mod get;
mod upload;

pub use create::{batch_create, create};
pub use get::{Content, get};
pub use upload::Uploads;

use base::{Error, Reason, Result};

/// Largest sheet, in bytes.
pub const LARGEST: usize = 100 << 20;
/// What a reader gets of a longer sheet that is not asked for raw, in bytes.
pub const SHOWN: usize = 2 << 20;

/// Refuses what cannot be SQL text: more than 100 MiB, NUL, or not UTF-8, with where it went wrong.
pub(crate) fn check(field: &str, content: &[u8]) -> Result<()> {
    if content.len() > LARGEST {
        return Err(too_large());
    }
    let refused = |at: usize, what: &str| {
        let line = 1 + content[..at].iter().filter(|b| **b == b'\n').count();
        let text =
            format!("{field}: {what} at byte {at}, in line {line}; save the file as UTF-8 text");
        Err(Error::new(Reason::NotText, text).with_metadata("byte", at.to_string()))
    };
    if let Err(e) = std::str::from_utf8(content) {
        return refused(e.valid_up_to(), "bytes that are not UTF-8");
    }
    match content.iter().position(|b| *b == 0) {
        Some(at) => refused(at, "a NUL byte"),
        None => Ok(()),
    }
}

fn too_large() -> Error {
    Error::new(
        Reason::TooLarge,
        format!(
            "a sheet holds at most {LARGEST} bytes (100 MiB); split the script into several sheets"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_is_taken() {
        assert!(check("sheet.content", "SELECT 'é';\n".as_bytes()).is_ok());
        assert!(check("sheet.content", b"").is_ok());
        let error = check("sheet.content", b"SELECT 1;\n\xff").unwrap_err();
        assert_eq!(error.reason(), Reason::NotText);
        assert!(error.message().contains("byte 10, in line 2"), "{error}");
        assert!(check("sheet.content", b"a\0b").unwrap_err().message().contains("NUL"));
        assert!(check("sheet.content", &vec![b' '; LARGEST]).is_ok());
        assert_eq!(
            check("sheet.content", &vec![b' '; LARGEST + 1]).unwrap_err().reason(),
            Reason::TooLarge
        );
    }
}
