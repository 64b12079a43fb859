//! What goes out, and what comes back from those who lie.

mod dishonest_provider;
mod issuers;
