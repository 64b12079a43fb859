//! The key that secrets are encrypted with: 32 bytes, kept outside the store.
//!
//! Invariant: the store holds the key's fingerprint only. Whoever reads a copy of the store without the key learns
//! no secret.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base::{Rng, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::error::{Result, StoreError};

/// Name of the key file in the data directory.
pub const KEY_FILE: &str = "basalt.key";

/// A key. `Debug` shows the fingerprint.
#[derive(Clone)]
pub struct Key(Secret<[u8; 32]>);

/// Where the key comes from.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A file with mode 0600, created when the store is new.
    File(PathBuf),
    /// Given, e.g. by the environment variable `BASALT_KEY`.
    Given(Key),
}

impl Key {
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    pub fn generate(rng: &dyn Rng) -> Self {
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        Self::new(bytes)
    }

    /// Reads 64 hexadecimal digits or the base64 of 32 bytes. `from` names the place for the error.
    pub fn parse(text: &str, from: &str) -> Result<Self> {
        let text = text.trim();
        let bytes = match text.len() {
            64 => hex::decode(text).ok(),
            _ => STANDARD.decode(text).ok(),
        };
        bytes
            .and_then(|b| <[u8; 32]>::try_from(b).ok())
            .map(Self::new)
            .ok_or_else(|| StoreError::BadKey(from.to_owned()))
    }

    /// 16 hexadecimal digits that tell keys apart and say nothing else about them.
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(b"basalt key fingerprint\0");
        digest.update(self.bytes());
        hex::encode(&digest.finalize()[..8])
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// The key in a file, None when there is no such file.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(StoreError::io(path)(e)),
        };
        let mode = file.metadata().map_err(StoreError::io(path))?.permissions().mode();
        if mode & 0o077 != 0 {
            tracing::warn!(path = %path.display(), "the key file can be read by others: chmod 600 it");
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(StoreError::io(path))?;
        Self::parse(&text, &path.display().to_string()).map(Some)
    }

    /// The file's key did not fit. If a rotation was cut off after its commit, the new key waits in `….new`: takes it.
    pub(crate) fn completed_rotation(self, path: &Path, stored: &str) -> Result<Self> {
        let new = next_file(path);
        match Self::read(&new)? {
            Some(key) if key.fingerprint() == stored => {
                replace(&new, path)?;
                tracing::info!(path = %path.display(), "completed a key rotation that was cut off");
                Ok(key)
            }
            _ => Ok(self),
        }
    }

    /// Writes the key to a new file with mode 0600; fails when the file exists.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(StoreError::io(path))?;
        let text = Secret::new(format!("{}\n", hex::encode(self.bytes())));
        file.write_all(text.expose().as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(StoreError::io(path))?;
        sync_directory_of(path)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.fingerprint())
    }
}

/// Where a rotation puts the new key until the store has it.
pub(crate) fn next_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Renames durably.
pub(crate) fn replace(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(StoreError::io(to))?;
    sync_directory_of(to)
}

/// Makes a created or renamed file's name durable.
pub(crate) fn sync_directory_of(path: &Path) -> Result<()> {
    let directory = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    File::open(directory).and_then(|d| d.sync_all()).map_err(StoreError::io(directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_and_nothing_else() {
        let key = Key::new([7; 32]);
        let hexed = hex::encode([7; 32]);
        for text in [hexed.clone(), format!("{hexed}\n"), STANDARD.encode([7; 32])] {
            assert_eq!(Key::parse(&text, "test").unwrap().fingerprint(), key.fingerprint());
        }
        for text in ["", "short", &hexed[..62], &"z".repeat(64)] {
            assert!(Key::parse(text, "test").is_err(), "{text}");
        }
        assert!(!format!("{key:?}").contains("0707"));
    }

    #[test]
    fn the_file_is_private_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(KEY_FILE);
        assert!(Key::read(&path).unwrap().is_none());
        Key::new([1; 32]).write(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Key::read(&path).unwrap().unwrap().bytes(), &[1; 32]);
        assert!(Key::new([2; 32]).write(&path).is_err());
    }
}
