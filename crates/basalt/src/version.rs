//! `basalt version`.

/// Prints version, commit and platform on one line.
#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub fn print() {
    println!("basalt {} ({}, {})", env!("CARGO_PKG_VERSION"), commit(), std::env::consts::ARCH);
}

/// The commit the binary was built from, when the build was told.
pub fn commit() -> &'static str {
    option_env!("BASALT_GIT_COMMIT").unwrap_or("unknown commit")
}
