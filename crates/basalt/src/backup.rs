//! `basalt backup`: one file with all metadata, taken while the server runs, and verified after writing.

use anyhow::Result;
use base::{Clock as _, System};
use store::Db;

use crate::cli::BackupArgs;
use crate::{runtime, store_options, terminal};

pub fn run(args: &BackupArgs) -> Result<()> {
    let working = terminal::spinner("copying the metadata");
    let summary = runtime::block_on(async {
        let db = Db::open(store_options::of(&args.store)?.beside()).await?;
        let summary = store::backup::backup(&db, &args.file, System.now()).await?;
        db.close().await;
        Ok(summary)
    })?;
    working.finish_and_clear();
    terminal::say(&format!(
        "{}: {summary}, verified. Keep the key apart from it: without the key its secrets cannot be read.",
        args.file.display()
    ));
    Ok(())
}
