//! What the changes do: rows that tell their number, so that the oracle can count them, and definitions that fail when made twice.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Rows and definitions in one transaction.
    Transaction,
    /// Statements that each commit by themselves, one of which cannot run in a transaction.
    Alone,
    /// The script's own BEGIN … COMMIT, with statements before and after.
    Own,
    /// Rows only.
    Rows,
    /// Definitions that commit by themselves, between rows.
    Definitions,
}

impl Script {
    /// The change number `n`. Each INSERT says `(n, i)` for its own number among them.
    pub fn sql(self, n: u32) -> String {
        let row = |i: u32| format!("INSERT INTO ledger (run, step) VALUES ({n}, {i});\n");
        let column = format!("ALTER TABLE ledger ADD COLUMN c{n} int;\n");
        match self {
            Self::Transaction => row(0) + &column + &row(1) + &row(2),
            Self::Alone => {
                row(0)
                    + &format!("CREATE INDEX CONCURRENTLY i{n} ON ledger (step);\n")
                    + &row(1)
                    + &format!("DROP INDEX CONCURRENTLY i{n};\n")
                    + &row(2)
            }
            Self::Own => row(0) + "BEGIN;\n" + &row(1) + &row(2) + "COMMIT;\n" + &row(3),
            Self::Rows => row(0) + &row(1) + &row(2),
            Self::Definitions => {
                row(0)
                    + &format!("CREATE TABLE t{n} (a int);\n")
                    + &row(1)
                    + &format!("ALTER TABLE t{n} ADD COLUMN b int;\n")
                    + &format!("DROP TABLE t{n};\n")
                    + &row(2)
            }
        }
    }

    /// For each statement of the script, the number of the row that it inserts.
    pub fn rows(self) -> Vec<Option<u32>> {
        match self {
            Self::Transaction => vec![Some(0), None, Some(1), Some(2)],
            Self::Alone => vec![Some(0), None, Some(1), None, Some(2)],
            Self::Own => vec![Some(0), None, Some(1), Some(2), None, Some(3)],
            Self::Rows => vec![Some(0), Some(1), Some(2)],
            Self::Definitions => vec![Some(0), None, Some(1), None, None, Some(2)],
        }
    }
}
