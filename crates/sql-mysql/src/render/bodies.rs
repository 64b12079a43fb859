//! Routines, triggers and events: their bodies hold semicolons, and mean what they mean under the modes they were made
//! under.

use schema::{Event, Routine, Trigger};

use super::literal;
use crate::quote_identifier;

/// Collects statements under `DELIMITER ;;`, with a SET before each that needs other modes than the one before.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    out: String,
    modes: [String; 4],
    /// Comments on what cannot be made again.
    missing: String,
}

const MODES: [&str; 4] = ["sql_mode", "character_set_client", "collation_connection", "time_zone"];

impl Bodies {
    pub(super) fn routine(&mut self, r: &Routine) {
        self.unreadable("routine", &r.name, &r.definition);
        let text = &r.definition;
        self.push(text, [&r.sql_mode, &r.character_set_client, &r.collation_connection, ""]);
    }

    pub(super) fn trigger(&mut self, table: &str, t: &Trigger) {
        let text = format!(
            "CREATE TRIGGER {} {} {} ON {} FOR EACH ROW {}",
            quote_identifier(&t.name),
            t.timing,
            t.event,
            quote_identifier(table),
            t.body
        );
        self.push(&text, [&t.sql_mode, &t.character_set_client, &t.collation_connection, ""]);
    }

    pub(super) fn event(&mut self, e: &Event) {
        self.unreadable("event", &e.name, &e.definition);
        let modes =
            [&*e.sql_mode, &*e.character_set_client, &*e.collation_connection, &*e.time_zone];
        self.push(&e.definition, modes);
    }

    /// The server shows a body only to its definer and to whoever may read them all: say what is missing.
    fn unreadable(&mut self, kind: &str, name: &str, text: &str) {
        if text.is_empty() {
            self.missing +=
                &format!("-- The text of {kind} {} could not be read.\n", one_line(name));
        }
    }

    /// `modes` in the order of [`MODES`]. An empty sql_mode is one; for the others empty means not known.
    fn push(&mut self, text: &str, modes: [&str; 4]) {
        if text.is_empty() {
            return;
        }
        for (at, value) in modes.into_iter().enumerate() {
            // The script is UTF-8: under another character set only ASCII would arrive as it is written.
            let foreign = at == 1 && !text.is_ascii() && !value.starts_with("utf8");
            let known = at == 0 || !value.is_empty();
            if known && !foreign && (self.modes[at] != value || self.out.is_empty()) {
                self.out += &format!("SET {} = {};;\n", MODES[at], literal(value));
                value.clone_into(&mut self.modes[at]);
            }
        }
        self.out += text.trim_end().trim_end_matches(';');
        self.out += ";;\n\n";
    }

    pub(super) fn finish(self) -> String {
        let missing = self.missing;
        if self.out.is_empty() {
            missing
        } else {
            format!("{missing}DELIMITER ;;\n{}DELIMITER ;\n\n", self.out)
        }
    }
}

/// A name cannot end the comment that it stands in.
fn one_line(name: &str) -> String {
    quote_identifier(name).replace(char::is_control, " ")
}
