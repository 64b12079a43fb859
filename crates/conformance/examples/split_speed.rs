//! Megabytes a second that each splitter reads, on a text of ordinary statements:
//! `cargo run -p conformance --profile quick --example split_speed [FILE]`.

#[path = "../tests/it/readers.rs"]
mod readers;

use std::time::Instant;

const ORDINARY: &str = "-- Who ordered what\nINSERT INTO shop.orders (id, customer_id, note, created_at) VALUES \
(4711, 12, 'it''s late; call me', '2026-01-02 03:04:05');\nSELECT o.id, c.name, sum(l.amount * l.price) AS total\n  FROM \
shop.orders o JOIN shop.customers c ON c.id = o.customer_id\n  LEFT JOIN lines l ON l.order_id = o.id /* left */\n WHERE \
o.created_at > '2026-01-01' AND c.name <> 'x'\n GROUP BY o.id, c.name;\nCREATE TABLE items (id bigint NOT NULL, name \
varchar(200) DEFAULT 'none', PRIMARY KEY (id));\n";

#[expect(clippy::print_stdout, reason = "a measurement is for a person")]
fn main() -> std::io::Result<()> {
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => ORDINARY.repeat(16_000_000 / ORDINARY.len()),
    };
    for (name, reader) in readers::all() {
        let started = Instant::now();
        let count = reader.segments(&text).count();
        let seconds = started.elapsed().as_secs_f64();
        println!("{name} {:.0} MB/s, {count} segments", megabytes(text.len()) / seconds);
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss, clippy::allow_attributes, reason = "a file is no exabyte")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
