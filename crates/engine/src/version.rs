//! What a server says of its version, as numbers.

/// Major and minor number: `15.14 (Debian 15.14-1)` is 15 and 14.
pub fn version(text: &str) -> Option<(u32, u32)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let number = |part: &str| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..end].parse().ok()
    };
    let mut parts = text[start..].split('.');
    let major = number(parts.next()?)?;
    Some((major, parts.next().and_then(number).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        assert_eq!(version("15.14 (Debian 15.14-0+deb12u1)"), Some((15, 14)));
        assert_eq!(version("PostgreSQL 18.0"), Some((18, 0)));
        assert_eq!(version("18beta1"), Some((18, 0)));
        assert_eq!(version(""), None);
    }
}
