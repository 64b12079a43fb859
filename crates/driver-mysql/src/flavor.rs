//! Which of the family a server is. It is read off the server, not off what a person chose: the two are easily confused.

/// A member of the family, and its version as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flavor {
    pub product: Product,
    pub version: (u16, u16, u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    Mysql,
    Mariadb,
    Tidb,
    Oceanbase,
}

impl Flavor {
    /// From `VERSION()` and `@@version_comment`.
    pub fn read(version: &str, comment: &str) -> Self {
        let has =
            |what: &str| [version, comment].iter().any(|t| t.to_ascii_lowercase().contains(what));
        let product = if has("mariadb") {
            Product::Mariadb
        } else if has("tidb") {
            Product::Tidb
        } else if has("oceanbase") {
            Product::Oceanbase
        } else {
            Product::Mysql
        };
        let mut numbers = version
            .split(|c: char| !c.is_ascii_digit())
            .map_while(|part| part.parse::<u16>().ok())
            .chain(std::iter::repeat(0));
        let mut next = || numbers.next().unwrap_or(0);
        Self { product, version: (next(), next(), next()) }
    }

    pub fn is_mariadb(self) -> bool {
        self.product == Product::Mariadb
    }

    /// MySQL proper, from a version on.
    pub fn is_mysql(self, from: (u16, u16, u16)) -> bool {
        self.product == Product::Mysql && self.version >= from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_servers_say() {
        for (version, comment, product, numbers) in [
            ("10.11.19-MariaDB-0+deb12u1-log", "Debian 12", Product::Mariadb, (10, 11, 19)),
            ("9.7.4-2", "(Debian)", Product::Mysql, (9, 7, 4)),
            ("8.0.11-TiDB-v7.5.0", "TiDB Server", Product::Tidb, (8, 0, 11)),
            ("5.7.25", "OceanBase_CE 4.3", Product::Oceanbase, (5, 7, 25)),
            ("", "", Product::Mysql, (0, 0, 0)),
        ] {
            assert_eq!(Flavor::read(version, comment), Flavor { product, version: numbers });
        }
    }
}
