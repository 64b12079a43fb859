//! What people and programs do wrong, on the real binary: each is refused with words to act on.

mod connecting;
mod editing;
mod running;
mod sheets;
mod starting;
