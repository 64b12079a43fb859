//! E-mail addresses: the names of users.

use base::name::UserName;
use base::{Error, Result};

/// Ends of addresses that programs have.
const OF_PROGRAMS: &[&str] = &["service.bytebase.com", "workload.bytebase.com"];
const LONGEST: usize = 254;

/// The address in lower case, as it is kept.
///
/// Errors: `INVALID_FIELD` under `field` for what is no address a person can have here. Only ASCII: letters that look alike
/// would make two names that nobody can tell apart.
pub fn checked(field: &str, text: &str) -> Result<String> {
    let email = text.trim().to_ascii_lowercase();
    let sound = |part: &str, extra: &[u8]| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || extra.contains(&b))
    };
    let ok = email.len() <= LONGEST
        && email.split_once('@').is_some_and(|(local, domain)| {
            local.len() <= 64 && sound(local, b".!#$%&'*+=?^_`{|}~-") && sound(domain, b".-")
        });
    if !ok {
        return Err(Error::field(field, "use an e-mail address like ann@example.com"));
    }
    if is_of_program(&email) {
        return Err(Error::field(
            field,
            "addresses of this domain belong to service accounts; use another",
        ));
    }
    Ok(email)
}

/// The address in a name `users/{email}`, in lower case.
pub fn of_name(field: &str, name: &str) -> Result<String> {
    UserName::parse(field, name).map(|n| n.email.to_ascii_lowercase())
}

fn is_of_program(email: &str) -> bool {
    let domain = email.split_once('@').map_or("", |(_, domain)| domain);
    OF_PROGRAMS.iter().any(|end| domain == *end || domain.ends_with(&format!(".{end}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(checked("e", " Ann.B+c@Example.COM ").unwrap(), "ann.b+c@example.com");
        assert!(checked("e", "admin@localhost").is_ok());
        let long = format!("{}@x.io", "a".repeat(65));
        for bad in [
            "",
            "ann",
            "@x.io",
            "ann@",
            "a b@x.io",
            "a@b@c",
            "ann@x..io",
            ".a@x.io",
            "ann/x@x.io",
            "аnn@x.io",
            "a\0@x.io",
            "ci@service.bytebase.com",
            "ci@shop.service.bytebase.com",
            &long,
        ] {
            assert!(checked("e", bad).is_err(), "{bad:?}");
        }
    }
}
