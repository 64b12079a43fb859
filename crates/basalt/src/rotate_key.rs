//! `basalt rotate-key`: encrypts all secrets anew. The server must be stopped: it holds the old key.

use anyhow::Result;
use base::System;
use store::{Db, Key};

use crate::cli::RotateKeyArgs;
use crate::{runtime, store_options, terminal};

pub fn run(args: &RotateKeyArgs) -> Result<()> {
    let new = match &args.new_key {
        Some(text) => Key::parse(text, "BASALT_NEW_KEY")?,
        None => Key::generate(&System),
    };
    // A key from the environment is kept by whoever keeps the environment.
    let from_environment = args.store.key.is_some();
    if from_environment && args.new_key.is_none() {
        anyhow::bail!(
            "the present key comes from BASALT_KEY, so give the new one as --new-key, and put it into BASALT_KEY afterwards"
        );
    }
    let file = args.store.data.join(store::key::KEY_FILE);
    let count = runtime::block_on(async {
        let db = Db::open(store_options::of(&args.store)?).await?;
        let count =
            store::secrets::rotate_key(&db, &new, (!from_environment).then_some(file.as_path()))
                .await?;
        db.close().await;
        Ok(count)
    })?;
    terminal::say(&format!(
        "{count} secrets are encrypted under the new key {}",
        new.fingerprint()
    ));
    Ok(())
}
