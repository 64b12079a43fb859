//! Conditions as trees and as text, for editors that show them as rows of choices. What their variables mean is not asked.

use base::{Error, Result};
use policy::cel::{self, Node};

use crate::iam_policy::wrong;

/// Most conditions of one call.
const MOST: usize = 200;

/// The tree of each text, in order.
///
/// Errors: `INVALID_FIELD` at the first that cannot be read, with its place.
pub fn parse(texts: &[String]) -> Result<Vec<Node>> {
    few(texts.len())?;
    let read = |(i, text): (usize, &String)| {
        cel::read(text).map_err(|e| wrong(&format!("expressions[{i}]"), &e))
    };
    texts.iter().enumerate().map(read).collect()
}

/// The text of each tree, in order.
///
/// Errors: `INVALID_FIELD` at the first whose text would not be read as a condition.
pub fn write(trees: &[Node]) -> Result<Vec<String>> {
    few(trees.len())?;
    let written = |(i, tree): (usize, &Node)| {
        let text = cel::write(tree);
        // Names in a tree may be anything, also code.
        cel::read(&text).map_err(|e| wrong(&format!("expressions[{i}]"), &e))?;
        Ok(text)
    };
    trees.iter().enumerate().map(written).collect()
}

fn few(count: usize) -> Result<()> {
    if count > MOST {
        let what = format!("send at most {MOST} at once; these are {count}");
        return Err(Error::field("expressions", what));
    }
    Ok(())
}
