//! Which rpcs only read: they may be called by GET, and on a server started with `--readonly`.

use api::facts::RpcFacts;

/// How the names of reading rpcs begin. `BatchGet…` comes before other batches.
const READING: [&str; 4] = ["Get", "List", "Search", "BatchGet"];

/// Reading rpcs with another name.
const ALSO_READING: [&str; 6] = [
    "/bytebase.v1.CelService/BatchDeparse",
    "/bytebase.v1.CelService/BatchParse",
    "/bytebase.v1.DatabaseService/DiffMetadata",
    "/bytebase.v1.DatabaseService/DiffSchema",
    "/bytebase.v1.ReleaseService/CheckRelease",
    "/bytebase.v1.RolloutService/PreviewTaskRunRollback",
];

/// Reads that leave a record of their own, which is not what `--readonly` is about. They are no plain reads: a GET, which
/// anybody may repeat, does not call them.
const RECORDED: [&str; 1] = ["/bytebase.v1.SQLService/Query"];

/// What a session needs, even on a server that changes nothing else.
const SESSION: [&str; 6] = [
    "/basalt.v1.SingleSignOnService/BeginSingleSignOn",
    "/bytebase.v1.AuthService/ExchangeToken",
    "/bytebase.v1.AuthService/Login",
    "/bytebase.v1.AuthService/Logout",
    "/bytebase.v1.AuthService/Refresh",
    "/bytebase.v1.AuthService/SwitchWorkspace",
];

/// Whether the rpc has no effect.
pub fn is_read(facts: &RpcFacts) -> bool {
    let method = facts.method.as_str();
    READING.iter().any(|start| method.starts_with(start))
        || ALSO_READING.contains(&facts.path.as_str())
}

/// Whether a server started with `--readonly` carries it out.
pub fn is_allowed(facts: &RpcFacts) -> bool {
    let path = facts.path.as_str();
    is_read(facts) || RECORDED.contains(&path) || SESSION.contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_name_rpcs_that_exist() {
        for path in ALSO_READING.iter().chain(&RECORDED).chain(&SESSION) {
            assert!(api::facts::rpc(path).is_some(), "{path}");
        }
    }

    #[test]
    fn what_is_bound_to_get_is_reading_and_what_deletes_or_patches_is_not() {
        for facts in api::facts::rpcs() {
            let verb = facts.http.first().map(|rule| rule.verb);
            if matches!(verb, Some("PATCH" | "DELETE" | "PUT")) {
                assert!(!is_read(facts), "{}", facts.path);
            }
            let audited_get = facts.audit || facts.streaming;
            if verb == Some("GET") && !audited_get && facts.method != "VerifyCheckoutSession" {
                assert!(is_read(facts), "{}", facts.path);
            }
        }
    }

    #[test]
    fn no_reading_rpc_is_audited_as_a_change() {
        let odd: Vec<_> = api::facts::rpcs()
            .iter()
            .filter(|facts| facts.audit && is_read(facts))
            .map(|facts| facts.path.as_str())
            .collect();
        assert_eq!(odd, Vec::<&str>::new());
    }
}
