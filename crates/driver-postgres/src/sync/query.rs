//! One query of a sync and what becomes of its rows.

use std::borrow::Cow;

use super::place::Builder;
use crate::rows::Row;

pub struct Query {
    pub sql: Cow<'static, str>,
    /// Puts one row in place.
    pub take: fn(&mut Builder, &mut Row),
}

impl Query {
    pub fn new(sql: impl Into<Cow<'static, str>>, take: fn(&mut Builder, &mut Row)) -> Self {
        Self { sql: sql.into(), take }
    }

    /// Gives no rows that matter.
    pub fn silent(sql: &'static str) -> Self {
        Self::new(sql, |_, _| ())
    }
}
