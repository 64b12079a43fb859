//! `basalt restore`: fills an empty store from a backup, and verifies it.

use anyhow::Result;

use crate::cli::RestoreArgs;
use crate::{runtime, store_options, terminal};

pub fn run(args: &RestoreArgs) -> Result<()> {
    let working = terminal::spinner("restoring the metadata");
    let summary = runtime::block_on(async {
        let (db, summary) =
            store::restore::restore(&args.file, store_options::of(&args.store)?).await?;
        db.close().await;
        Ok(summary)
    })?;
    working.finish_and_clear();
    terminal::say(&format!("restored {summary} from {}", args.file.display()));
    Ok(())
}
