//! Changes the caller's preferences, within limits.

use std::collections::BTreeMap;

use base::{Error, FieldViolation, Reason, Result};
use store::preferences;

use crate::cx::Cx;

/// Of one person.
const MOST: usize = 200;
const MOST_BYTES: usize = 64 << 10;
const LONGEST_KEY: usize = 200;

/// Sets these and removes those; the others stay. Gives all.
pub async fn update(
    cx: &Cx,
    values: BTreeMap<String, String>,
    remove: &[String],
) -> Result<BTreeMap<String, String>> {
    let owner = cx.person()?;
    let wrong = violations(&values);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let mut tx = cx.app.store.begin().await?;
    for key in remove {
        preferences::remove(&mut tx, &owner, key).await?;
    }
    for (key, value) in &values {
        preferences::set(&mut tx, &owner, key, value).await?;
    }
    let all = preferences::of(&mut tx, &owner).await?;
    if all.len() > MOST || all.iter().map(|(k, v)| k.len() + v.len()).sum::<usize>() > MOST_BYTES {
        let what = "one person has at most 200 preferences, of 64 KiB together; remove some";
        return Err(Error::new(Reason::TooLarge, what));
    }
    tx.commit().await?;
    Ok(all)
}

fn violations(values: &BTreeMap<String, String>) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut say = |key: &str, description: &str| {
        let field = format!("values[{key:?}]");
        found.push(FieldViolation { field, description: description.to_owned() });
    };
    for (key, value) in values {
        if key.is_empty() || key.chars().count() > LONGEST_KEY || key.contains('\0') {
            say(key, "a key has 1 to 200 characters, none of them NUL");
        }
        if value.contains('\0') {
            say(key, "a value has no NUL");
        }
    }
    found
}
