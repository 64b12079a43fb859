//! From the command line to the store's options.

use anyhow::{Context as _, Result};
use store::{Key, Options};

use crate::cli::StoreArgs;

/// Where the metadata is and which key opens it.
pub fn of(args: &StoreArgs) -> Result<Options> {
    let options = match &args.pg {
        Some(url) => Options::postgres(url, &args.data),
        None => Options::sqlite(&args.data),
    };
    #[cfg(feature = "test-hooks")]
    let options = match args.max_pages {
        Some(pages) => options.max_page_count(pages),
        None => options,
    };
    Ok(match &args.key {
        Some(text) => options.key(Key::parse(text, "BASALT_KEY").context("BASALT_KEY")?),
        None => options,
    })
}

/// Host and port of a PostgreSQL URL; localhost and 5432 where it does not say.
pub fn host_and_port(url: &str) -> (String, u16) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let place = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(5432)),
        _ => (place, 5432),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (if host.is_empty() { "localhost".to_owned() } else { host.to_owned() }, port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_host_and_port() {
        let parts = |url| {
            let (host, port) = host_and_port(url);
            format!("{host} {port}")
        };
        assert_eq!(
            parts("postgres://u:p@db.example:6432/basalt?sslmode=require"),
            "db.example 6432"
        );
        assert_eq!(parts("postgres://u@[::1]:5433/x"), "::1 5433");
        assert_eq!(parts("postgresql://[::1]/x"), "::1 5432");
        assert_eq!(parts("postgres:///x"), "localhost 5432");
    }
}
