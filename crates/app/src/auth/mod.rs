//! Signing in and out.
//!
//! A browser holds two cookies: an access token (a signed statement, an hour) and a refresh token (a random value, a week,
//! kept as its hash and good for one use). Programs get an access token in the body and sign in again when it ends.
//! Invariant: `unauthenticated` is said only of a token that is missing or over, because clients then sign in and repeat.

mod cookie;
mod login;
mod logout;
pub mod password;
mod refresh;
mod restriction;
pub(crate) mod session;
mod signup;
mod throttle;
pub mod token;

pub use login::{Login, SignedIn, login};
pub use logout::logout;
pub use refresh::refresh;
pub use restriction::{Restriction, restriction};
pub use signup::{Signup, signup};
