//! Rows of programs that sign in: what service accounts and workload identities have both. Each has one column of its own.

use base::Time;

use crate::changed_one;
use crate::db::{Conn, Topic};
use crate::error::Result;
use crate::payload::word;
use crate::rows::State;
use crate::sql::{Value, or_empty, sql};

/// One such table.
pub(crate) struct Programs {
    /// $1 address, $2 title, $3 its search form, $4 project, $5 its own column, $6 state, $7 and $8 when made and changed.
    pub insert: &'static str,
    /// $1 address, $2 version, $3 title, $4 its search form, $5 its own column, $6 state, $7 when.
    pub update: &'static str,
    /// Before the address in names.
    pub collection: &'static str,
}

/// A row, without its own column.
pub(crate) struct Program<'a> {
    pub email: &'a str,
    pub title: &'a str,
    pub project: Option<&'a String>,
    pub state: State,
}

impl Programs {
    pub(crate) fn name(&self, email: &str) -> String {
        format!("{}/{email}", self.collection)
    }

    pub(crate) async fn insert(
        &self,
        conn: &mut Conn,
        row: Program<'_>,
        own: Value,
        [created, updated]: [Time; 2],
    ) -> Result<()> {
        let name = self.name(row.email);
        let insert = sql(self.insert)
            .bind(row.email)
            .bind(row.title)
            .bind(row.title.to_lowercase())
            .bind(or_empty(row.project))
            .bind(own)
            .bind(word(row.state)?)
            .bind(created)
            .bind(updated);
        conn.run(insert).await.map_err(|e| e.about(&name))?;
        conn.wake(Topic::Access, &name).await
    }

    /// The project cannot be changed: it is in the address.
    pub(crate) async fn update(
        &self,
        conn: &mut Conn,
        row: Program<'_>,
        own: Value,
        version: i64,
        now: Time,
    ) -> Result<()> {
        let name = self.name(row.email);
        let update = sql(self.update)
            .bind(row.email)
            .bind(version)
            .bind(row.title)
            .bind(row.title.to_lowercase())
            .bind(own)
            .bind(word(row.state)?)
            .bind(now);
        changed_one(conn.run(update).await?, || name.clone())?;
        conn.wake(Topic::Access, &name).await
    }
}
