//! A value that must not be printed: passwords, keys, tokens.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// Wraps a secret. `Debug` and `Display` show `[secret]`; the memory is wiped when it is dropped.
/// Serialising it keeps the value, because the store encrypts what it writes: never serialise to a client.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T: Zeroize = String>(T);

impl<T: Zeroize> Secret<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. The long name is so that a reader of the call sees it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl Secret<String> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<T: Zeroize> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_printed() {
        let s = Secret::from("hunter2");
        assert_eq!(format!("{s:?} {s}"), "[secret] [secret]");
        assert_eq!(s.expose(), "hunter2");
    }
}
