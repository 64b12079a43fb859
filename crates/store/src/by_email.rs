//! Rows whose key is an e-mail address: people and service accounts are read and listed alike.

use base::page::Page;

use crate::db::{Conn, Row};
use crate::error::Result;
use crate::filter::Filter;
use crate::page::{self, List, ListSpec};
use crate::sql::sql;

/// One such table.
pub(crate) struct ByEmail<T> {
    pub list: ListSpec,
    /// `SELECT * FROM … WHERE email = $1`
    pub one: &'static str,
    pub read: fn(&Row) -> Result<T>,
}

impl<T: Send> ByEmail<T> {
    pub(crate) async fn get(&self, conn: &mut Conn, email: &str) -> Result<Option<T>> {
        conn.optional(sql(self.one).bind(email)).await?.as_ref().map(self.read).transpose()
    }

    /// In the order of the addresses; those that are not there are absent.
    pub(crate) async fn get_many(&self, conn: &mut Conn, emails: &[String]) -> Result<Vec<T>> {
        let mut found = Vec::new();
        for batch in emails.chunks(crate::BATCH) {
            let mut text = sql("SELECT * FROM ");
            text.push(self.list.from).push(" WHERE email IN ").push_list(batch);
            text.push(" ORDER BY email");
            for row in conn.all(text).await? {
                found.push((self.read)(&row)?);
            }
        }
        Ok(found)
    }

    pub(crate) async fn page(&self, conn: &mut Conn, args: &List) -> Result<Page<T>> {
        page::fetch_page(conn, &self.list, args, self.read).await
    }

    pub(crate) async fn count(&self, conn: &mut Conn, filter: &Filter) -> Result<i64> {
        page::count(conn, &self.list, filter).await
    }
}
