//! Signing in and out.
//!
//! A browser holds two cookies: an access token (a signed statement, an hour) and a refresh token (a random value, a week,
//! kept as its hash and good for one use), and a third that only remembers whose browser it is. Programs get an access token
//! in the body and sign in again when it ends.
//! Invariant: `unauthenticated` is said only of a token that is missing or over, because clients then sign in and repeat.

mod cookie;
mod device;
mod enter;
mod login;
mod logout;
mod mail_code;
pub mod password;
mod refresh;
mod restriction;
pub mod second_factor;
pub(crate) mod session;
mod signup;
pub mod single_sign_on;
pub(crate) mod throttle;
pub mod token;

pub use enter::SignedIn;
pub use login::{Entry, Login, SecondStep, login};
pub use logout::logout;
pub use mail_code::{request_password_reset, reset_password, send_login_code};
pub use refresh::refresh;
pub use restriction::{Restriction, restriction};
pub use signup::{Signup, signup};
