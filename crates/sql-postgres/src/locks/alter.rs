//! ALTER TABLE: the server takes the strongest lock that any of the actions needs, for all of them.

use schema::Table;
use sql::LockWork;
use sql::tree::{
    AlterKind, AlterTable, ColumnDef, Constraint, ConstraintKind, Expr, ExprKind, TypeName,
    visit_exprs,
};

use super::{Lock, Mode, Server, referenced, referenced_table};

/// Mode, work, why, and what is safer.
type Need = (Mode, LockWork, &'static str, Option<&'static str>);

pub fn locks(server: &Server<'_>, alter: &AlterTable) -> Vec<Lock> {
    let table = server.table(&alter.name);
    let mut locks: Vec<Lock> = Vec::new();
    let mut needs: Vec<Need> = Vec::new();
    for action in &alter.actions {
        needs.push(need(server, table, &action.kind));
        locks.extend(others(table, &action.kind));
    }
    // The strongest mode, with the longest work under it.
    let mode = needs.iter().map(|n| n.0).max();
    let longest = needs.into_iter().max_by_key(|n| (n.1, n.0));
    if let (Some(mode), Some((_, work, because, safer))) = (mode, longest) {
        locks.push(Lock { relation: alter.name.clone(), mode, work, because, safer });
    }
    locks
}

/// Locks on other tables than the altered one.
fn others(altered: Option<&Table>, kind: &AlterKind) -> Vec<Lock> {
    let named = |name: &str| {
        let name = name.to_owned();
        altered.into_iter().flat_map(|t| &t.foreign_keys).filter(move |f| f.name == name)
    };
    match kind {
        AlterKind::DropConstraint { name, .. } => {
            let because = "the triggers of the foreign key go, too";
            let lock = |other| Lock::of(&other, Mode::AccessExclusive, LockWork::Brief, because);
            named(&name.name).map(|f| lock(referenced_table(f, name.span))).collect()
        }
        AlterKind::ValidateConstraint { name } => {
            let because = "the rows are compared with it";
            let lock = |other| Lock::of(&other, Mode::RowShare, LockWork::Scan, because);
            named(&name.name).map(|f| lock(referenced_table(f, name.span))).collect()
        }
        AlterKind::AddConstraint(constraint) => referenced(constraint).into_iter().collect(),
        AlterKind::AddColumn { column, .. } => {
            column.constraints.iter().filter_map(referenced).collect()
        }
        AlterKind::AttachPartition { table } => vec![Lock::of(
            table,
            Mode::AccessExclusive,
            LockWork::Scan,
            "the rows of the new partition are checked against its bounds",
        )],
        AlterKind::DetachPartition { table, concurrently } => vec![Lock::of(
            table,
            if *concurrently { Mode::ShareUpdateExclusive } else { Mode::AccessExclusive },
            LockWork::Brief,
            "the partition becomes a table of its own",
        )],
        _ => Vec::new(),
    }
}

fn need(server: &Server<'_>, table: Option<&Table>, kind: &AlterKind) -> Need {
    let brief = |because| (Mode::AccessExclusive, LockWork::Brief, because, None);
    match kind {
        AlterKind::AddColumn { column, .. } => add_column(server, column),
        AlterKind::ColumnType { column, ty, using, .. } => {
            let old = table.and_then(|t| t.columns.iter().find(|c| c.name == column.name));
            if !using && old.is_some_and(|o| keeps_rows(&o.r#type, ty)) {
                return brief("the new type holds the rows as they are");
            }
            (
                Mode::AccessExclusive,
                LockWork::Rewrite,
                "the rows are written anew with the new type",
                Some("a new column, filled in batches"),
            )
        }
        AlterKind::SetNotNull { column } => {
            if server.version >= 12 && table.is_some_and(|t| is_checked(t, &column.name)) {
                return brief("a check says already that the column is not NULL");
            }
            (
                Mode::AccessExclusive,
                LockWork::Scan,
                "all rows are read for NULLs",
                Some("ADD CHECK (… IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT, then SET NOT NULL"),
            )
        }
        AlterKind::AddConstraint(constraint) => add_constraint(table, constraint),
        AlterKind::ValidateConstraint { .. } => (
            Mode::ShareUpdateExclusive,
            LockWork::Scan,
            "all rows are read, others read and write meanwhile",
            None,
        ),
        AlterKind::AttachPartition { .. } if server.version >= 12 => {
            (Mode::ShareUpdateExclusive, LockWork::Brief, "the parent gets a partition", None)
        }
        AlterKind::DetachPartition { concurrently: true, .. } => {
            (Mode::ShareUpdateExclusive, LockWork::Brief, "the parent loses a partition", None)
        }
        AlterKind::DetachPartition { .. } => (
            Mode::AccessExclusive,
            LockWork::Brief,
            "the parent loses a partition",
            Some("DETACH PARTITION … CONCURRENTLY"),
        ),
        AlterKind::Other { words } => other(words),
        AlterKind::DropColumn { .. }
        | AlterKind::SetDefault { .. }
        | AlterKind::DropDefault { .. }
        | AlterKind::DropNotNull { .. }
        | AlterKind::AddIdentity { .. }
        | AlterKind::DropIdentity { .. }
        | AlterKind::DropConstraint { .. }
        | AlterKind::RenameColumn { .. }
        | AlterKind::RenameConstraint { .. }
        | AlterKind::RenameTo { .. }
        | AlterKind::SetSchema { .. }
        | AlterKind::AttachPartition { .. }
        | AlterKind::Owner { .. }
        | AlterKind::RowSecurity { .. } => brief("only the catalog changes"),
    }
}

fn add_column(server: &Server<'_>, column: &ColumnDef) -> Need {
    let rewrite = |because| {
        let safer = "ADD COLUMN without a default, SET DEFAULT, then fill it in batches";
        (Mode::AccessExclusive, LockWork::Rewrite, because, Some(safer))
    };
    let ty = column.ty.as_ref();
    if ty.is_some_and(|t| t.name.ends_with("serial")) {
        return rewrite("each row gets a number of its own");
    }
    let (mut has_default, mut not_null, mut work) = (false, false, LockWork::Brief);
    for constraint in &column.constraints {
        match &constraint.kind {
            ConstraintKind::Identity { .. } => return rewrite("each row gets a number of its own"),
            ConstraintKind::Generated { .. } => {
                return rewrite("the column is computed for each row");
            }
            ConstraintKind::Default { expr, .. } if server.version < 11 && !is_null(expr) => {
                return rewrite("before version 11 a default is written into each row");
            }
            ConstraintKind::Default { expr, .. } if !is_stable(expr) => {
                return rewrite("the default differs from row to row");
            }
            ConstraintKind::Default { expr, .. } => has_default = !is_null(expr),
            ConstraintKind::NotNull { .. } => not_null = true,
            ConstraintKind::Unique { .. }
            | ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Exclude { .. } => work = work.max(LockWork::Index),
            ConstraintKind::Check { .. } => work = work.max(LockWork::Scan),
            // NULLs need no partner.
            ConstraintKind::ForeignKey { .. } if has_default => work = work.max(LockWork::Scan),
            ConstraintKind::ForeignKey { .. } | ConstraintKind::Null => {}
        }
    }
    if not_null && !has_default {
        work = work.max(LockWork::Scan);
    }
    let because = match work {
        LockWork::Index => "an index is built for the new column",
        LockWork::Scan => "all rows are read for the new column's constraints",
        _ => "only the catalog changes",
    };
    (Mode::AccessExclusive, work, because, None)
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Null)
}

/// Functions that give one value for all rows of a statement. Of others nothing is known here.
const STABLE: [&str; 16] = [
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_setting",
    "current_database",
    "date_trunc",
    "to_timestamp",
    "to_date",
    "lower",
    "upper",
    "coalesce",
    "jsonb_build_object",
    "jsonb_build_array",
    "md5",
    "length",
    "timezone",
];

pub fn is_stable(expr: &Expr) -> bool {
    let mut stable = true;
    visit_exprs(expr, &mut |e| match &e.kind {
        ExprKind::Call { name, .. } => stable &= STABLE.contains(&name.as_str()),
        ExprKind::Query(_) | ExprKind::TooDeep => stable = false,
        _ => {}
    });
    stable
}

fn add_constraint(table: Option<&Table>, constraint: &Constraint) -> Need {
    let exclusive = Mode::AccessExclusive;
    match &constraint.kind {
        ConstraintKind::PrimaryKey { using_index: Some(index), .. } => {
            let nullable = table.is_none_or(|t| {
                let keys = t.indexes.iter().filter(|i| i.name == index.name).flat_map(|i| &i.keys);
                let mut columns =
                    keys.filter_map(|k| t.columns.iter().find(|c| c.name == k.expression));
                columns.any(|c| c.nullable)
            });
            let work = if nullable { LockWork::Scan } else { LockWork::Brief };
            (
                exclusive,
                work,
                "the index is there; all rows are read where a column may be NULL",
                None,
            )
        }
        ConstraintKind::Unique { using_index: Some(_), .. } => {
            (exclusive, LockWork::Brief, "the index is there already", None)
        }
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } => (
            exclusive,
            LockWork::Index,
            "an index is built while everybody is kept out",
            Some("CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX"),
        ),
        ConstraintKind::Exclude { .. } => {
            (exclusive, LockWork::Index, "an index is built while everybody is kept out", None)
        }
        ConstraintKind::ForeignKey { .. } if constraint.not_valid => {
            (Mode::ShareRowExclusive, LockWork::Brief, "existing rows are not looked at", None)
        }
        ConstraintKind::ForeignKey { .. } => (
            Mode::ShareRowExclusive,
            LockWork::Scan,
            "all rows are compared with the referenced table",
            Some("ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT"),
        ),
        ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } if !constraint.not_valid => (
            exclusive,
            LockWork::Scan,
            "all rows are checked",
            Some("ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT"),
        ),
        _ => (exclusive, LockWork::Brief, "only the catalog changes", None),
    }
}

/// Actions that the tree does not tell apart.
fn other(words: &str) -> Need {
    let first: Vec<&str> = words.split(' ').collect();
    match first[..] {
        ["ENABLE" | "DISABLE", "TRIGGER", ..] | ["ENABLE", _, "TRIGGER"] => (
            Mode::ShareRowExclusive,
            LockWork::Brief,
            "triggers change for everybody at once",
            None,
        ),
        ["CLUSTER", ..] | ["SET", "WITHOUT", "CLUSTER"] => {
            (Mode::ShareUpdateExclusive, LockWork::Brief, "only the catalog changes", None)
        }
        ["SET", "LOGGED" | "UNLOGGED" | "TABLESPACE" | "ACCESS", ..] => {
            (Mode::AccessExclusive, LockWork::Rewrite, "the table is written anew", None)
        }
        // Storage parameters, and statistics targets of columns.
        ["SET" | "RESET"] | ["SET", "STATISTICS", ..] => {
            (Mode::ShareUpdateExclusive, LockWork::Brief, "only the catalog changes", None)
        }
        _ => (Mode::AccessExclusive, LockWork::Brief, "only the catalog changes", None),
    }
}

/// Whether rows of the old type are rows of the new one, bit by bit.
fn keeps_rows(old: &str, new: &TypeName) -> bool {
    if old == new.text {
        return true;
    }
    if new.array || old.ends_with("[]") {
        return false;
    }
    let (old_name, old_args) = split(old);
    let longer = |from: &[i64], to: &[i64]| match (from.first(), to.first()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(from), Some(to)) => from <= to,
    };
    match (old_name.as_str(), new.name.as_str()) {
        ("character varying", "text") | ("cidr", "inet") => true,
        ("text", "character varying") => new.args.is_empty(),
        ("character varying", "character varying")
        | ("bit varying", "bit varying")
        | ("timestamp without time zone", "timestamp without time zone")
        | ("timestamp with time zone", "timestamp with time zone")
        | ("time without time zone", "time without time zone") => longer(&old_args, &new.args),
        ("numeric", "numeric") => {
            new.args.is_empty()
                || (longer(&old_args, &new.args)
                    && old_args.get(1).copied().unwrap_or(0)
                        == new.args.get(1).copied().unwrap_or(0))
        }
        _ => false,
    }
}

/// `numeric(10,2)` → numeric, [10, 2]; `timestamp(3) with time zone` → with its words behind the arguments.
fn split(shown: &str) -> (String, Vec<i64>) {
    let Some((head, rest)) = shown.split_once('(') else { return (shown.to_owned(), Vec::new()) };
    let (args, tail) = rest.split_once(')').unwrap_or((rest, ""));
    let args = args.split(',').filter_map(|a| a.trim().parse().ok()).collect();
    (format!("{head}{tail}"), args)
}

/// A valid check that the column is not NULL.
pub fn is_checked(table: &Table, column: &str) -> bool {
    let wanted = format!("{column} is not null");
    table.checks.iter().any(|c| {
        let expression = c.expression.to_lowercase();
        !expression.contains("not valid") && expression.trim_matches(['(', ')', ' ']) == wanted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_kept_where_the_server_keeps_them() {
        let ty = |name: &str, args: &[i64], text: &str| TypeName {
            name: name.into(),
            args: args.to_vec(),
            text: text.into(),
            ..TypeName::default()
        };
        let varchar = |n: i64| ty("character varying", &[n], &format!("character varying({n})"));
        assert!(keeps_rows("character varying(10)", &varchar(20)));
        assert!(!keeps_rows("character varying(20)", &varchar(10)));
        assert!(keeps_rows("character varying(20)", &ty("text", &[], "text")));
        assert!(!keeps_rows("integer", &ty("bigint", &[], "bigint")));
        assert!(keeps_rows("numeric(10,2)", &ty("numeric", &[12, 2], "numeric(12,2)")));
        assert!(!keeps_rows("numeric(10,2)", &ty("numeric", &[12, 3], "numeric(12,3)")));
    }
}
