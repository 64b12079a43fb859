//! The rules that data sources keep, and how an edit changes one. Pure.

use std::collections::BTreeSet;

use base::{EngineKind, FieldViolation, Secret};
use store::rows::{DataSource, DataSourceKind, DataSourceSecrets};

use crate::target::{PORT_ADVICE, SSH_PORT, port};

/// A data source as a caller gives it: an empty secret means "none", or "the stored one" in an edit.
#[derive(Debug, Clone, Default)]
pub struct SourceInput {
    pub source: DataSource,
    pub secrets: DataSourceSecrets,
}

/// Fields that data sources of other products have. Clients name them in masks although they are empty.
const ELSEWHERE: &[&str] = &[
    "additional_addresses",
    "authentication_database",
    "authentication_private_key",
    "authentication_private_key_passphrase",
    "cloud_sql_ip_type",
    "direct_connection",
    "external_secret",
    "iam_extension",
    "master_name",
    "master_password",
    "master_username",
    "project_id",
    "instance_id",
    "redis_type",
    "region",
    "replica_set",
    "sasl_config",
    "service_name",
    "sid",
    "srv",
    "ssl_ca_path",
    "ssl_cert_path",
    "ssl_key_path",
    "warehouse_id",
];

/// Everything wrong with the data sources of one instance, each named below `field` (`instance.data_sources`).
pub fn violations(kind: EngineKind, field: &str, sources: &[SourceInput]) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut ids = BTreeSet::new();
    for (i, input) in sources.iter().enumerate() {
        let at = format!("{field}[{i}]");
        if !ids.insert(&input.source.id) {
            found.push(violation(&at, "id", "another data source of this instance has this id"));
        }
        found.extend(violations_of(kind, &at, input));
    }
    let admins = sources.iter().filter(|s| s.source.kind == DataSourceKind::Admin).count();
    if admins != 1 {
        found.push(FieldViolation {
            field: field.to_owned(),
            description: format!(
                "an instance has exactly one data source of type ADMIN, not {admins}"
            ),
        });
    }
    found
}

/// Everything wrong with one data source, named below `field` (`data_source`).
pub fn violations_of(kind: EngineKind, field: &str, input: &SourceInput) -> Vec<FieldViolation> {
    let SourceInput { source, secrets } = input;
    let mut found = Vec::new();
    let mut say = |name: &str, what: &str| found.push(violation(field, name, what));
    let id_char = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if source.id.is_empty() || source.id.len() > 64 || !source.id.bytes().all(id_char) {
        say("id", "use 1 to 64 letters, digits, hyphens and underscores, e.g. admin");
    }
    let host = source.host.trim();
    if kind.capabilities().network {
        if host.is_empty() {
            say("host", "give the host name or address of the server");
        } else if !is_host(host) {
            say(
                "host",
                "give a host name or address alone: no port, path, user, blank or connection parameter",
            );
        }
    } else if !host.starts_with('/') {
        say("host", "give the absolute path of the folder that holds the database files");
    }
    if port(&source.port, kind.default_port()).is_none() {
        say("port", PORT_ADVICE);
    }
    if !source.use_ssl && source.skip_tls_verification {
        say("skip_tls_verification", "this only makes sense with use_ssl");
    }
    if secrets.ssl_cert.is_empty() != secrets.ssl_key.is_empty() {
        let missing = if secrets.ssl_cert.is_empty() { "ssl_cert" } else { "ssl_key" };
        say(
            missing,
            "a client certificate needs its key, and a key its certificate: give both or neither",
        );
    }
    if let Some(ssh) = &source.ssh {
        if !is_host(ssh.host.trim()) {
            say("ssh_host", "give the host name or address of the jump host alone");
        }
        if ssh.user.is_empty() {
            say("ssh_user", "give the user at the jump host");
        }
        if secrets.ssh_password.is_empty() && secrets.ssh_private_key.is_empty() {
            say("ssh_password", "give a password or a private key for the jump host");
        }
        if port(&ssh.port, SSH_PORT).is_none() {
            say("ssh_port", PORT_ADVICE);
        }
    }
    found
}

/// The stored data source after an edit of the fields that `mask` names; without a mask, of all.
///
/// A secret that the mask does not name stays when the edit's is empty: callers cannot read secrets, so they cannot
/// send them back. Fails with the path that no data source has, or that cannot be changed.
pub fn edited(
    stored: &SourceInput,
    edit: &SourceInput,
    mask: Option<&[String]>,
) -> Result<SourceInput, FieldViolation> {
    let Some(mask) = mask else { return Ok(replaced(stored, edit)) };
    let mut out = stored.clone();
    for path in mask {
        set(&mut out, edit, path)?;
    }
    Ok(out)
}

pub(super) fn replaced(stored: &SourceInput, edit: &SourceInput) -> SourceInput {
    let keep = |new: &Secret, old: &Secret| if new.is_empty() { old.clone() } else { new.clone() };
    let (new, old) = (&edit.secrets, &stored.secrets);
    SourceInput {
        source: edit.source.clone(),
        secrets: DataSourceSecrets {
            password: keep(&new.password, &old.password),
            ssl_ca: keep(&new.ssl_ca, &old.ssl_ca),
            ssl_cert: keep(&new.ssl_cert, &old.ssl_cert),
            ssl_key: keep(&new.ssl_key, &old.ssl_key),
            ssh_password: keep(&new.ssh_password, &old.ssh_password),
            ssh_private_key: keep(&new.ssh_private_key, &old.ssh_private_key),
        },
    }
}

fn set(out: &mut SourceInput, edit: &SourceInput, path: &str) -> Result<(), FieldViolation> {
    let (to, from) = (&mut out.source, &edit.source);
    let (to_secrets, from_secrets) = (&mut out.secrets, &edit.secrets);
    match path {
        "username" => to.username.clone_from(&from.username),
        "password" => to_secrets.password = from_secrets.password.clone(),
        "host" => to.host.clone_from(&from.host),
        "port" => to.port.clone_from(&from.port),
        "database" => to.database.clone_from(&from.database),
        "use_ssl" => to.use_ssl = from.use_ssl,
        "skip_tls_verification" => to.skip_tls_verification = from.skip_tls_verification,
        // Clients of ours send it with every edit of TLS; whether we verify is said by skip_tls_verification.
        "verify_tls_certificate" => {}
        "ssl_ca" => to_secrets.ssl_ca = from_secrets.ssl_ca.clone(),
        "ssl_cert" => to_secrets.ssl_cert = from_secrets.ssl_cert.clone(),
        "ssl_key" => to_secrets.ssl_key = from_secrets.ssl_key.clone(),
        "ssh_host" | "ssh_port" | "ssh_user" => set_ssh(to, from, path),
        "ssh_password" => to_secrets.ssh_password = from_secrets.ssh_password.clone(),
        "ssh_private_key" => to_secrets.ssh_private_key = from_secrets.ssh_private_key.clone(),
        "authentication_type" => to.authentication = from.authentication,
        "extra_connection_parameters" => {
            to.extra_connection_parameters.clone_from(&from.extra_connection_parameters);
        }
        // A value here was refused before it came so far, and an empty one changes nothing.
        path if ELSEWHERE.contains(&path) => {}
        other => {
            return Err(FieldViolation {
                field: "update_mask".to_owned(),
                description: format!(
                    "{other:?} is not a field of a data source that can be changed"
                ),
            });
        }
    }
    Ok(())
}

/// An emptied host ends the tunnel.
fn set_ssh(to: &mut DataSource, from: &DataSource, path: &str) {
    let from = from.ssh.clone().unwrap_or_default();
    let mut ssh = to.ssh.take().unwrap_or_default();
    match path {
        "ssh_host" => ssh.host = from.host,
        "ssh_port" => ssh.port = from.port,
        _ => ssh.user = from.user,
    }
    to.ssh = (!ssh.host.is_empty()).then_some(ssh);
}

/// Whether the text is nothing but a host name or an address.
fn is_host(text: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || c.is_control() || "/\\?@,#%=&;'\"".contains(c);
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let colons = bare.matches(':').count();
    !bare.is_empty() && bare.len() <= 255 && !bare.contains(strange) && colons != 1
}

fn violation(at: &str, name: &str, what: &str) -> FieldViolation {
    FieldViolation { field: format!("{at}.{name}"), description: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use store::rows::SshTunnel;

    use super::*;

    fn input(id: &str, kind: DataSourceKind) -> SourceInput {
        let source =
            DataSource { id: id.into(), kind, host: "db.local".into(), ..DataSource::default() };
        SourceInput { source, secrets: DataSourceSecrets::default() }
    }

    fn fields(kind: EngineKind, sources: &[SourceInput]) -> Vec<String> {
        violations(kind, "ds", sources).into_iter().map(|v| v.field).collect()
    }

    #[test]
    fn one_admin_and_ids_of_their_own() {
        let (admin, reader) =
            (input("admin", DataSourceKind::Admin), input("ro", DataSourceKind::ReadOnly));
        assert!(fields(EngineKind::Postgres, &[admin.clone(), reader.clone()]).is_empty());
        assert_eq!(fields(EngineKind::Postgres, std::slice::from_ref(&reader)), ["ds"]);
        assert_eq!(fields(EngineKind::Postgres, &[]), ["ds"]);
        assert_eq!(
            fields(EngineKind::Postgres, &[admin.clone(), admin.clone()]),
            ["ds[1].id", "ds"]
        );
        assert_eq!(fields(EngineKind::Postgres, &[input("", DataSourceKind::Admin)]), ["ds[0].id"]);
    }

    #[test]
    fn a_host_is_only_a_host() {
        for bad in [
            "",
            " ",
            "/var/run/postgresql",
            "x?sslmode=disable",
            "db:5432",
            "a,b",
            "u@h",
            "a b",
            "options=-c x",
        ] {
            let mut one = input("admin", DataSourceKind::Admin);
            one.source.host = bad.into();
            assert_eq!(fields(EngineKind::Postgres, &[one]), ["ds[0].host"], "{bad:?}");
        }
        for good in ["db.local", "127.0.0.1", "::1", "[fe80::1]", " db "] {
            let mut one = input("admin", DataSourceKind::Admin);
            one.source.host = good.into();
            assert!(fields(EngineKind::Postgres, &[one]).is_empty(), "{good:?}");
        }
        let mut file = input("admin", DataSourceKind::Admin);
        assert_eq!(fields(EngineKind::Sqlite, &[file.clone()]), ["ds[0].host"]);
        file.source.host = "/srv/data".into();
        assert!(fields(EngineKind::Sqlite, &[file]).is_empty());
    }

    #[test]
    fn halves_of_a_pair_are_missed() {
        let mut one = input("admin", DataSourceKind::Admin);
        one.secrets.ssl_cert = "PEM".into();
        one.source.ssh =
            Some(SshTunnel { host: "jump".into(), port: "x".into(), ..SshTunnel::default() });
        one.source.port = "70000".into();
        one.source.skip_tls_verification = true;
        let expected =
            ["port", "skip_tls_verification", "ssl_key", "ssh_user", "ssh_password", "ssh_port"];
        assert_eq!(fields(EngineKind::Postgres, &[one]), expected.map(|f| format!("ds[0].{f}")));
    }

    #[test]
    fn an_empty_password_keeps_the_stored_one_unless_the_mask_names_it() {
        let mut stored = input("admin", DataSourceKind::Admin);
        stored.secrets.password = "old".into();
        let mut edit = input("admin", DataSourceKind::Admin);
        edit.source.username = "new".into();
        let after = |mask: Option<&[&str]>| {
            let mask: Option<Vec<String>> =
                mask.map(|m| m.iter().map(|p| (*p).to_owned()).collect());
            let out = edited(&stored, &edit, mask.as_deref()).unwrap();
            (out.source.username, out.secrets.password.expose().clone())
        };
        assert_eq!(after(None), ("new".into(), "old".into()));
        assert_eq!(after(Some(&["username"])), ("new".into(), "old".into()));
        assert_eq!(after(Some(&["password"])), (String::new(), String::new()));
    }

    #[test]
    fn what_cannot_be_changed_is_refused() {
        let one = input("admin", DataSourceKind::Admin);
        for path in ["id", "type", "ssl_ca_set", "nosuch", "*", ""] {
            let error = edited(&one, &one, Some(&[path.to_owned()])).unwrap_err();
            assert_eq!(error.field, "update_mask", "{path}");
        }
    }

    #[test]
    fn what_other_products_have_changes_nothing() {
        let one = input("admin", DataSourceKind::Admin);
        let mask: Vec<String> = ELSEWHERE.iter().map(|p| (*p).to_owned()).collect();
        assert_eq!(edited(&one, &one, Some(&mask)).unwrap().source, one.source);
    }

    #[test]
    fn an_emptied_ssh_host_ends_the_tunnel() {
        let mut stored = input("admin", DataSourceKind::Admin);
        stored.source.ssh =
            Some(SshTunnel { host: "jump".into(), user: "ops".into(), port: String::new() });
        let edit = input("admin", DataSourceKind::Admin);
        assert_eq!(
            edited(&stored, &edit, Some(&["ssh_host".to_owned()])).unwrap().source.ssh,
            None
        );
    }
}
