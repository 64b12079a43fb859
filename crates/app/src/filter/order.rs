//! `order_by`: "title desc, environment".

use base::Error;
use store::{Field, Order};

/// Reads an order over `fields`; empty text gives no steps, so the list's own order holds.
pub fn order_by(text: &str, fields: &[Field]) -> Result<Vec<Order>, Error> {
    let mut orders: Vec<Order> = Vec::new();
    if text.trim().is_empty() {
        return Ok(orders);
    }
    for part in text.split(',') {
        let mut words = part.split_ascii_whitespace();
        let name = words.next().unwrap_or_default();
        let field = fields.iter().find(|f| f.name == name);
        let descending = match words.next() {
            None => Some(false),
            Some(word) if word.eq_ignore_ascii_case("asc") => Some(false),
            Some(word) if word.eq_ignore_ascii_case("desc") => Some(true),
            Some(_) => None,
        };
        match (field, descending, words.next()) {
            (Some(field), Some(descending), None) if orders.iter().all(|o| o.field != *field) => {
                orders.push(Order { field: *field, descending });
            }
            _ => {
                let names: Vec<_> = fields.iter().map(|f| f.name).collect();
                return Err(Error::field(
                    "order_by",
                    format!(
                        "write \"field asc\" or \"field desc\", separated by commas; fields are {}",
                        names.join(", ")
                    ),
                ));
            }
        }
    }
    Ok(orders)
}
