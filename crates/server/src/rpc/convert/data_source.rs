//! Data sources. Secrets come in here and never go out: what goes out says only whether one is stored.

use std::collections::BTreeMap;

use api::bytebase::v1 as pb;
use app::instance::SourceInput;
use base::{Error, FieldViolation, Result, Secret};
use pb::data_source::AuthenticationType;
use store::rows::{Authentication, DataSource, DataSourceKind, DataSourceSecrets, SshTunnel};

/// `secrets` are the stored ones of the instance, as paths: `data_source/admin/ssl_ca`.
pub fn to_wire(source: &DataSource, secrets: &[String]) -> pb::DataSource {
    let is_set = |field: &str| {
        let path = format!("data_source/{}/{field}", source.id);
        secrets.contains(&path)
    };
    let ssh = source.ssh.clone().unwrap_or_default();
    pb::DataSource {
        id: source.id.clone(),
        r#type: match source.kind {
            DataSourceKind::Admin => pb::DataSourceType::Admin,
            DataSourceKind::ReadOnly => pb::DataSourceType::ReadOnly,
        }
        .into(),
        username: source.username.clone(),
        use_ssl: source.use_ssl,
        ssl_ca_set: is_set("ssl_ca"),
        ssl_cert_set: is_set("ssl_cert"),
        ssl_key_set: is_set("ssl_key"),
        verify_tls_certificate: source.use_ssl && !source.skip_tls_verification,
        skip_tls_verification: source.skip_tls_verification,
        host: source.host.clone(),
        port: source.port.clone(),
        database: source.database.clone(),
        ssh_host: ssh.host,
        ssh_port: ssh.port,
        ssh_user: ssh.user,
        authentication_type: match source.authentication {
            Authentication::Password => AuthenticationType::Password,
        }
        .into(),
        extra_connection_parameters: source.extra_connection_parameters.clone(),
        ..pb::DataSource::default()
    }
}

/// `field` is where it stands in the request: `instance.data_sources[0]`.
pub fn from_wire(field: &str, wire: pb::DataSource) -> Result<SourceInput> {
    let mut violations = refused(field, &wire);
    let kind = match wire.r#type() {
        pb::DataSourceType::Admin => DataSourceKind::Admin,
        pb::DataSourceType::ReadOnly => DataSourceKind::ReadOnly,
        pb::DataSourceType::DataSourceUnspecified => {
            violations.push(violation(field, "type", "say whether it is ADMIN or READ_ONLY"));
            DataSourceKind::default()
        }
    };
    if !violations.is_empty() {
        return Err(Error::fields(violations));
    }
    let ssh = SshTunnel { host: wire.ssh_host, port: wire.ssh_port, user: wire.ssh_user };
    let source = DataSource {
        id: wire.id,
        kind,
        username: wire.username,
        host: wire.host,
        port: wire.port,
        database: wire.database,
        use_ssl: wire.use_ssl,
        skip_tls_verification: wire.skip_tls_verification,
        ssh: (ssh != SshTunnel::default()).then_some(ssh),
        authentication: Authentication::Password,
        extra_connection_parameters: parameters(wire.extra_connection_parameters),
    };
    let secrets = DataSourceSecrets {
        password: Secret::new(wire.password),
        ssl_ca: Secret::new(wire.ssl_ca),
        ssl_cert: Secret::new(wire.ssl_cert),
        ssl_key: Secret::new(wire.ssl_key),
        ssh_password: Secret::new(wire.ssh_password),
        ssh_private_key: Secret::new(wire.ssh_private_key),
    };
    Ok(SourceInput { source, secrets })
}

/// A data source of an update: its type does not change, so it may be missing.
pub fn from_update(mut wire: pb::DataSource) -> Result<SourceInput> {
    if wire.r#type() == pb::DataSourceType::DataSourceUnspecified {
        wire.set_type(pb::DataSourceType::ReadOnly);
    }
    from_wire("data_source", wire)
}

/// What no data source of ours can hold.
fn refused(field: &str, wire: &pb::DataSource) -> Vec<FieldViolation> {
    let password = [AuthenticationType::AuthenticationUnspecified, AuthenticationType::Password];
    let on_disk = "files on the server are not read; send the PEM text itself in";
    let elsewhere = "this is not available in this version; leave it empty";
    let engine = "no engine of this version has this; leave it empty";
    let iam = "sign in with a password: cloud identities are not available in this version";
    [
        (!wire.ssl_ca_path.is_empty(), "ssl_ca_path", format!("{on_disk} ssl_ca")),
        (!wire.ssl_cert_path.is_empty(), "ssl_cert_path", format!("{on_disk} ssl_cert")),
        (!wire.ssl_key_path.is_empty(), "ssl_key_path", format!("{on_disk} ssl_key")),
        (
            !password.contains(&wire.authentication_type()),
            "authentication_type",
            "use PASSWORD: other ways to sign in are not available in this version".to_owned(),
        ),
        (wire.iam_extension.is_some(), "iam_extension", iam.to_owned()),
        (
            wire.external_secret.is_some(),
            "external_secret",
            "passwords from external stores are not available in this version; use password"
                .to_owned(),
        ),
        (wire.sasl_config.is_some(), "sasl_config", elsewhere.to_owned()),
        (
            !wire.authentication_private_key.is_empty(),
            "authentication_private_key",
            elsewhere.to_owned(),
        ),
        (!wire.additional_addresses.is_empty(), "additional_addresses", engine.to_owned()),
        (wire.srv, "srv", engine.to_owned()),
        (!wire.authentication_database.is_empty(), "authentication_database", engine.to_owned()),
        (!wire.replica_set.is_empty(), "replica_set", engine.to_owned()),
        (!wire.sid.is_empty(), "sid", engine.to_owned()),
        (!wire.service_name.is_empty(), "service_name", engine.to_owned()),
        (!wire.warehouse_id.is_empty(), "warehouse_id", engine.to_owned()),
        (!wire.master_name.is_empty(), "master_name", engine.to_owned()),
    ]
    .into_iter()
    .filter(|(bad, ..)| *bad)
    .map(|(_, name, what)| violation(field, name, &what))
    .collect()
}

/// Clients send a parameter without a value when it is cleared.
fn parameters(all: BTreeMap<String, String>) -> BTreeMap<String, String> {
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn violation(field: &str, name: &str, what: &str) -> FieldViolation {
    FieldViolation { field: format!("{field}.{name}"), description: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire() -> pb::DataSource {
        pb::DataSource {
            id: "admin".into(),
            r#type: pb::DataSourceType::Admin.into(),
            host: "db".into(),
            use_ssl: true,
            password: "hunter2".into(),
            ssl_ca: "PEM".into(),
            ..pb::DataSource::default()
        }
    }

    #[test]
    fn secrets_go_in_and_only_their_presence_comes_out() {
        let input = from_wire("ds", wire()).unwrap();
        assert_eq!(input.secrets.password.expose(), "hunter2");
        let out = to_wire(
            &input.source,
            &["data_source/admin/ssl_ca".into(), "data_source/other/ssl_key".into()],
        );
        assert!(
            out.ssl_ca_set && !out.ssl_key_set && out.password.is_empty() && out.ssl_ca.is_empty()
        );
        assert!(out.verify_tls_certificate, "verified by default");
    }

    #[test]
    fn what_is_not_available_is_refused_by_name() {
        let bad = pb::DataSource {
            ssl_ca_path: "/etc/passwd".into(),
            authentication_type: AuthenticationType::AwsRdsIam.into(),
            external_secret: Some(pb::DataSourceExternalSecret::default()),
            r#type: 0,
            ..wire()
        };
        let error = from_wire("ds", bad).unwrap_err();
        let fields: Vec<_> = error.field_violations().iter().map(|v| v.field.as_str()).collect();
        assert_eq!(
            fields,
            ["ds.ssl_ca_path", "ds.authentication_type", "ds.external_secret", "ds.type"]
        );
    }
}
