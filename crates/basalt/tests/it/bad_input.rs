//! What people and programs do wrong, on the real binary: each is refused with words to act on.

mod connecting;
mod editing;
#[cfg(feature = "test-hooks")]
mod full_disk;
mod running;
mod sheets;
mod starting;
