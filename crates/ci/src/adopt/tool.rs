//! The migration tools whose history can be read, and how their tables are told apart.

/// Whose history it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    Flyway,
    Liquibase,
    Rails,
    Dbmate,
    GolangMigrate,
    Alembic,
    Atlas,
    Sqitch,
}

impl Tool {
    pub const ALL: [Self; 8] = [
        Self::Flyway,
        Self::Liquibase,
        Self::Rails,
        Self::Dbmate,
        Self::GolangMigrate,
        Self::Alembic,
        Self::Atlas,
        Self::Sqitch,
    ];

    /// As `--from` takes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flyway => "flyway",
            Self::Liquibase => "liquibase",
            Self::Rails => "rails",
            Self::Dbmate => "dbmate",
            Self::GolangMigrate => "golang-migrate",
            Self::Alembic => "alembic",
            Self::Atlas => "atlas",
            Self::Sqitch => "sqitch",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.word() == word)
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Flyway => "Flyway",
            Self::Liquibase => "Liquibase",
            Self::Rails => "Rails",
            Self::GolangMigrate => "golang-migrate",
            Self::Alembic => "Alembic",
            Self::Atlas => "Atlas",
            Self::Dbmate | Self::Sqitch => self.word(),
        }
    }

    /// The table's usual name; the first version of Flyway called its own otherwise.
    pub const fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Flyway => &["flyway_schema_history", "schema_version"],
            Self::Liquibase => &["databasechangelog"],
            Self::Rails | Self::Dbmate | Self::GolangMigrate => &["schema_migrations"],
            Self::Alembic => &["alembic_version"],
            Self::Atlas => &["atlas_schema_revisions"],
            Self::Sqitch => &["changes"],
        }
    }

    /// Columns, in lower case, that its table has; those of others differ.
    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Flyway => &["installed_rank", "version", "type", "script", "checksum", "success"],
            Self::Liquibase => &["id", "author", "filename", "orderexecuted", "exectype", "md5sum"],
            Self::Rails | Self::Dbmate => &["version"],
            Self::GolangMigrate => &["version", "dirty"],
            Self::Alembic => &["version_num"],
            Self::Atlas => &["version", "type", "applied", "total", "executed_at", "error"],
            Self::Sqitch => &["change_id", "change", "project", "committed_at", "planned_at"],
        }
    }

    /// By what its rows are read in the order in which they came about.
    pub const fn order(self) -> &'static [&'static str] {
        match self {
            Self::Flyway => &["installed_rank"],
            Self::Liquibase => &["orderexecuted", "id", "author", "filename"],
            Self::Sqitch => &["committed_at", "change_id"],
            Self::Alembic => &["version_num"],
            Self::Rails | Self::Dbmate | Self::GolangMigrate | Self::Atlas => &["version"],
        }
    }

    /// Whose table has such columns. `beside`: names of the tables in the same schema.
    pub fn of(columns: &[&str], beside: &[&str]) -> Option<Self> {
        let has = |name: &&str| columns.iter().any(|c| c.eq_ignore_ascii_case(name));
        let is_only = |tool: Self| columns.len() == tool.columns().len();
        Self::ALL.into_iter().find(|tool| {
            let all = tool.columns().iter().all(has);
            match tool {
                // Both have a column `version` and nothing else; Rails keeps a second table.
                Self::Rails => all && is_only(*tool) && beside.iter().any(is_of_rails),
                Self::Dbmate | Self::GolangMigrate | Self::Alembic => all && is_only(*tool),
                _ => all,
            }
        })
    }
}

fn is_of_rails(table: &&str) -> bool {
    table.eq_ignore_ascii_case("ar_internal_metadata")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_apart_by_their_columns() {
        for (columns, beside, tool) in [
            (&["version"][..], &["books"][..], Some(Tool::Dbmate)),
            (&["version"], &["AR_INTERNAL_METADATA"], Some(Tool::Rails)),
            (&["version", "dirty"], &[], Some(Tool::GolangMigrate)),
            // Ecto's, which nobody here can read.
            (&["version", "inserted_at"], &[], None),
            (&["version_num"], &[], Some(Tool::Alembic)),
            (
                &["change_id", "change", "project", "committed_at", "planned_at", "note"],
                &[],
                Some(Tool::Sqitch),
            ),
            (&["id", "name"], &[], None),
        ] {
            assert_eq!(Tool::of(columns, beside), tool, "{columns:?}");
        }
    }
}
