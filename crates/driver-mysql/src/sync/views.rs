//! Views: their queries, and what they read where the server tells.

use engine::Failure;
use sql_mysql::shown;

use super::{Draft, Reader, show};
use crate::rows::read;

pub(super) async fn read_all(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    if draft.views.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = draft.views.keys().map(String::as_str).collect();
    let rows = show::create(r.conn, "VIEW", &names).await?;
    for (view, row) in draft.views.values_mut().zip(rows) {
        let text = row.map(|mut row| row.text(1)).unwrap_or_default();
        if let Some(found) = shown::view(&text) {
            view.options = found.options;
            view.definition = shown::without_database(&found.query, &r.name);
        }
    }
    if r.flavor.is_mysql((8, 0, 13)) {
        let sql = format!(
            "SELECT view_name, table_schema, table_name FROM information_schema.view_table_usage
             WHERE view_schema = {}",
            r.db
        );
        for mut row in read(r.conn, &sql).await? {
            let Some(view) = draft.views.get_mut(&row.text(0)) else { continue };
            let schema = row.text(1);
            let schema = if schema == r.name { String::new() } else { schema };
            view.depends_on.push((schema, row.text(2), String::new()));
        }
        for view in draft.views.values_mut() {
            view.depends_on.sort();
        }
    }
    Ok(())
}
