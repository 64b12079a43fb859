//! A certificate authority for tests, and what it signs: the servers' certificate (127.0.0.1, localhost)
//! and a client's.
//!
//! Made once a set of servers, so that all of them are verified with the same `ca.pem`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

use super::account::Account;

/// Common name of the client certificate: PostgreSQL's `cert` method takes it as the role's name.
pub const CLIENT_NAME: &str = "basalt_client";

/// The set on disk, PEM.
#[derive(Debug, Clone)]
pub struct Files {
    pub ca: PathBuf,
    pub client_cert: PathBuf,
    pub client_key: PathBuf,
    server_cert: PathBuf,
    server_key: PathBuf,
}

/// The copies that one server reads.
#[derive(Debug, Clone)]
pub struct ServerFiles {
    pub ca: PathBuf,
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// The set in `dir`, made now unless it is already there.
pub fn ensure(dir: &Path) -> Result<Files> {
    let files = Files {
        ca: dir.join("ca.pem"),
        client_cert: dir.join("client.pem"),
        client_key: dir.join("client-key.pem"),
        server_cert: dir.join("server.pem"),
        server_key: dir.join("server-key.pem"),
    };
    // ca.pem is written last, so it stands for all of them.
    if !files.ca.exists() {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        make(&files).with_context(|| format!("cannot make certificates in {}", dir.display()))?;
    }
    Ok(files)
}

impl Files {
    pub fn copy_for_server(&self, dir: &Path, account: Account) -> Result<ServerFiles> {
        let copy = |from: &Path, name: &str, mode: u32| -> Result<PathBuf> {
            let to = dir.join(name);
            fs::copy(from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
            fs::set_permissions(&to, fs::Permissions::from_mode(mode))?;
            account.own(&to)?;
            Ok(to)
        };
        Ok(ServerFiles {
            ca: copy(&self.ca, "ca.pem", 0o644)?,
            cert: copy(&self.server_cert, "server.pem", 0o644)?,
            key: copy(&self.server_key, "server-key.pem", 0o600)?,
        })
    }
}

fn make(files: &Files) -> Result<()> {
    let ca_key = KeyPair::generate()?;
    let mut ca = params("Basalt test authority", &[])?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca_cert = ca.self_signed(&ca_key)?;
    let issuer = Issuer::new(ca, ca_key);

    let leaf = |name: &str, hosts: &[&str], usage, cert: &Path, key_file: &Path| -> Result<()> {
        let key = KeyPair::generate()?;
        let mut params = params(name, hosts)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        fs::write(cert, params.signed_by(&key, &issuer)?.pem())?;
        // Readable by whoever runs the tests and nobody else.
        fs::write(key_file, key.serialize_pem())?;
        fs::set_permissions(key_file, fs::Permissions::from_mode(0o600))?;
        Ok(())
    };
    leaf(
        "Basalt test server",
        &["127.0.0.1", "localhost"],
        ExtendedKeyUsagePurpose::ServerAuth,
        &files.server_cert,
        &files.server_key,
    )?;
    leaf(
        CLIENT_NAME,
        &[],
        ExtendedKeyUsagePurpose::ClientAuth,
        &files.client_cert,
        &files.client_key,
    )?;
    fs::write(&files.ca, ca_cert.pem())?;
    Ok(())
}

fn params(name: &str, hosts: &[&str]) -> Result<CertificateParams> {
    let mut params =
        CertificateParams::new(hosts.iter().map(|&host| host.to_owned()).collect::<Vec<_>>())?;
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, name);
    // Wide on purpose: a machine with a wrong clock still runs the tests.
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_made_once_and_keys_are_private() {
        let dir = tempfile::tempdir().unwrap();
        let files = ensure(dir.path()).unwrap();
        let first = fs::read_to_string(&files.ca).unwrap();
        assert!(first.starts_with("-----BEGIN CERTIFICATE-----"));
        ensure(dir.path()).unwrap();
        assert_eq!(
            fs::read_to_string(&files.ca).unwrap(),
            first,
            "a second call must not replace the authority"
        );
        for key in [&files.server_key, &files.client_key] {
            assert_eq!(fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
