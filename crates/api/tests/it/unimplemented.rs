//! `proto/UNIMPLEMENTED` is a sorted list of rpcs that exist. It may only shrink.

use api::facts::rpc;

const LIST: &str = include_str!("../../../../proto/UNIMPLEMENTED");

#[test]
fn list_is_sorted_and_names_rpcs() {
    let lines: Vec<&str> = LIST.lines().collect();
    assert!(lines.is_sorted_by(|a, b| a < b), "keep proto/UNIMPLEMENTED sorted, each rpc once");
    for line in lines {
        assert!(rpc(&format!("/bytebase.v1.{line}")).is_some(), "{line} is no rpc");
    }
}
