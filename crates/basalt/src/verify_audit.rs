//! `basalt verify-audit`: whether the audit log is as it was written. Runs beside the server too.

use std::process::ExitCode;

use anyhow::Result;
use store::Db;
use store::audit::{self, Verdict};

use crate::cli::VerifyAuditArgs;
use crate::{runtime, store_options, terminal};

/// Exit status 0 when it is, 1 when it is not: then the first bad record is named.
pub fn run(args: &VerifyAuditArgs) -> Result<ExitCode> {
    let working = terminal::spinner("reading the audit log");
    let verdict = runtime::block_on(async {
        let db = Db::open(store_options::of(&args.store)?.beside()).await?;
        let mut snapshot = db.snapshot().await?;
        let verdict = audit::verify(&mut snapshot).await?;
        drop(snapshot);
        db.close().await;
        Ok(verdict)
    })?;
    working.finish_and_clear();
    Ok(match verdict {
        Verdict::Whole { records: 0, .. } => {
            terminal::say("The audit log is empty, and nothing was taken out of it.");
            ExitCode::SUCCESS
        }
        Verdict::Whole { records, first } => {
            let last = first + records - 1;
            let before = match first {
                1 => String::new(),
                _ => {
                    format!(" What was before record {first} was forgotten as the retention says.")
                }
            };
            terminal::say(&format!(
                "Records {first} to {last} of the audit log are as they were written.{before}"
            ));
            ExitCode::SUCCESS
        }
        Verdict::Broken { seq, why } => {
            terminal::say(&format!("Record {seq} of the audit log: {why}."));
            ExitCode::FAILURE
        }
    })
}
