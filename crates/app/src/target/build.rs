//! What a data source says, as the target of a driver. Pure.

use std::time::Duration;

use base::{EngineKind, Error, Result, Secret};
use engine::{Ssh, SshAuth, Target, Tls, TlsVerify};
use store::rows::{DataSource, DataSourceSecrets, SshTunnel};

/// For resolving, tunnelling, connecting and signing in together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
pub(crate) const SSH_PORT: u16 = 22;

/// The target for `database`, or for the one that the data source names, or for none in particular.
///
/// Fails with the field that no driver could use, named as in a data source.
pub fn build(
    kind: EngineKind,
    source: &DataSource,
    secrets: &DataSourceSecrets,
    database: Option<&str>,
) -> Result<Target> {
    Ok(Target {
        kind,
        host: source.host.trim().to_owned(),
        port: port(&source.port, kind.default_port())
            .ok_or_else(|| Error::field("data_source.port", PORT_ADVICE))?,
        username: source.username.clone(),
        password: secrets.password.clone(),
        database: database.or_else(|| filled(&source.database)).map(str::to_owned),
        tls: tls(source, secrets),
        ssh: source.ssh.as_ref().map(|ssh| tunnel(ssh, secrets)).transpose()?,
        parameters: source.extra_connection_parameters.clone(),
        connect_timeout: CONNECT_TIMEOUT,
        application_name: "basalt".to_owned(),
        read_only: false,
    })
}

/// What to do about a port that is none.
pub(crate) const PORT_ADVICE: &str =
    "use a number from 1 to 65535, or leave it empty for the usual port";

/// Reads a port; empty text gives `default`.
pub(crate) fn port(text: &str, default: u16) -> Option<u16> {
    let text = text.trim();
    if text.is_empty() {
        return Some(default);
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|port| *port != 0)
}

fn tls(source: &DataSource, secrets: &DataSourceSecrets) -> Tls {
    let verify = match (source.use_ssl, source.skip_tls_verification) {
        (false, _) => TlsVerify::Off,
        (true, true) => TlsVerify::None,
        (true, false) => TlsVerify::Full,
    };
    if verify == TlsVerify::Off {
        return Tls { verify, ..Tls::default() };
    }
    Tls {
        verify,
        ca_pem: filled(secrets.ssl_ca.expose()).map(str::to_owned),
        client_cert_pem: filled(secrets.ssl_cert.expose()).map(str::to_owned),
        client_key_pem: filled(secrets.ssl_key.expose()).map(Secret::from),
    }
}

fn tunnel(ssh: &SshTunnel, secrets: &DataSourceSecrets) -> Result<Ssh> {
    let auth = if secrets.ssh_private_key.is_empty() {
        SshAuth::Password(secrets.ssh_password.clone())
    } else {
        // With a key, the password field carries the key's passphrase.
        let passphrase = (!secrets.ssh_password.is_empty()).then(|| secrets.ssh_password.clone());
        SshAuth::Key { pem: secrets.ssh_private_key.clone(), passphrase }
    };
    Ok(Ssh {
        host: ssh.host.trim().to_owned(),
        port: port(&ssh.port, SSH_PORT)
            .ok_or_else(|| Error::field("data_source.ssh_port", PORT_ADVICE))?,
        user: ssh.user.clone(),
        auth,
        host_key: None,
    })
}

fn filled(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> DataSource {
        DataSource {
            id: "admin".into(),
            host: "db.local".into(),
            username: "app".into(),
            ..DataSource::default()
        }
    }

    fn built(source: &DataSource, secrets: &DataSourceSecrets) -> Target {
        build(EngineKind::Postgres, source, secrets, None).unwrap()
    }

    #[test]
    fn an_empty_port_is_the_engines() {
        let secrets =
            DataSourceSecrets { password: "hunter2".into(), ..DataSourceSecrets::default() };
        let target = built(&source(), &secrets);
        assert_eq!((target.port, target.application_name.as_str()), (5432, "basalt"));
        assert_eq!((target.database, target.password.expose().as_str()), (None, "hunter2"));
        for bad in ["0", "65536", "-1", "+5432", "5432x", "５"] {
            let source = DataSource { port: bad.into(), ..source() };
            let error = build(EngineKind::Postgres, &source, &secrets, None).unwrap_err();
            assert_eq!(error.field_violations()[0].field, "data_source.port", "{bad}");
        }
    }

    #[test]
    fn the_database_asked_for_goes_before_the_one_of_the_source() {
        let source = DataSource { database: "maintenance".into(), ..source() };
        let secrets = DataSourceSecrets::default();
        let asked = build(EngineKind::Postgres, &source, &secrets, Some("shop")).unwrap();
        assert_eq!(asked.database.as_deref(), Some("shop"));
        assert_eq!(built(&source, &secrets).database.as_deref(), Some("maintenance"));
    }

    #[test]
    fn tls_is_verified_unless_the_source_says_otherwise() {
        let secrets = DataSourceSecrets { ssl_ca: "PEM".into(), ..DataSourceSecrets::default() };
        let verify = |use_ssl, skip_tls_verification| {
            built(&DataSource { use_ssl, skip_tls_verification, ..source() }, &secrets).tls
        };
        assert_eq!(verify(true, false).verify, TlsVerify::Full);
        assert_eq!(verify(true, false).ca_pem.as_deref(), Some("PEM"));
        assert_eq!(verify(true, true).verify, TlsVerify::None);
        assert_eq!(
            (verify(false, true).verify, verify(false, false).ca_pem),
            (TlsVerify::Off, None)
        );
    }

    #[test]
    fn a_key_goes_before_a_password_at_the_jump_host() {
        let ssh = SshTunnel { host: "jump".into(), user: "ops".into(), ..SshTunnel::default() };
        let source = DataSource { ssh: Some(ssh), ..source() };
        let password =
            DataSourceSecrets { ssh_password: "pw".into(), ..DataSourceSecrets::default() };
        let both = DataSourceSecrets { ssh_private_key: "KEY".into(), ..password.clone() };
        let of = |secrets| built(&source, secrets).ssh.unwrap();
        assert!(matches!(of(&password).auth, SshAuth::Password(_)));
        assert!(matches!(of(&both).auth, SshAuth::Key { passphrase: Some(_), .. }));
        assert_eq!(of(&both).port, 22);
    }
}
