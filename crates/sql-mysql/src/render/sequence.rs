//! MariaDB's sequences. Where one stands now is data, not schema: it starts anew.

use schema::Sequence;

use crate::quote_identifier;

pub(super) fn render(s: &Sequence) -> String {
    let mut sql = format!("CREATE SEQUENCE {}", quote_identifier(&s.name));
    for (clause, value) in [
        (" AS ", &s.data_type),
        (" START WITH ", &s.start),
        (" MINVALUE ", &s.min_value),
        (" MAXVALUE ", &s.max_value),
        (" INCREMENT BY ", &s.increment),
    ] {
        if !value.is_empty() {
            sql += &format!("{clause}{value}");
        }
    }
    match s.cache_size.as_str() {
        "" => {}
        "0" => sql += " NOCACHE",
        n => sql += &format!(" CACHE {n}"),
    }
    sql += if s.cycle { " CYCLE" } else { " NOCYCLE" };
    sql + ";\n\n"
}
