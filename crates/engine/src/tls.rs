//! The TLS client configuration of a target: rustls with ring, verified unless told otherwise.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};

use crate::failure::{Failure, FailureKind};
use crate::target::{Tls, TlsVerify};

/// The configuration, or None when the target is to be reached in plain text.
pub fn client_config(tls: &Tls) -> Result<Option<Arc<ClientConfig>>, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| bad(format!("TLS set-up: {e}")))?;
    let builder = match tls.verify {
        TlsVerify::Off => return Ok(None),
        TlsVerify::Full => builder.with_root_certificates(roots(tls.ca_pem.as_deref())?),
        TlsVerify::None => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(NoVerification { provider })),
    };
    let config = match (&tls.client_cert_pem, &tls.client_key_pem) {
        (Some(cert), Some(key)) => {
            let chain = certificates(cert, "client certificate")?;
            let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes())
                .map_err(|e| bad(format!("client key: {e}")))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|e| bad(format!("client certificate: {e}")))?
        }
        (None, None) => builder.with_no_client_auth(),
        _ => {
            return Err(bad(
                "a client certificate needs its key, and a key its certificate".to_owned()
            ));
        }
    };
    Ok(Some(Arc::new(config)))
}

/// Trusted authorities: the given ones alone, else the system's, else (in a container without any) Mozilla's list.
fn roots(ca_pem: Option<&str>) -> Result<RootCertStore, Failure> {
    let mut store = RootCertStore::empty();
    if let Some(pem) = ca_pem.filter(|p| !p.trim().is_empty()) {
        for cert in certificates(pem, "certificate authority")? {
            store.add(cert).map_err(|e| bad(format!("certificate authority: {e}")))?;
        }
        return Ok(store);
    }
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    Ok(store)
}

/// For drivers that make the configuration themselves: the certificates to trust. Empty means Mozilla's list.
pub fn trusted(ca_pem: Option<&str>) -> Result<Vec<CertificateDer<'static>>, Failure> {
    match ca_pem.filter(|p| !p.trim().is_empty()) {
        Some(pem) => certificates(pem, "certificate authority"),
        None => Ok(rustls_native_certs::load_native_certs().certs),
    }
}

fn certificates(pem: &str, what: &str) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match found {
        Ok(list) if !list.is_empty() => Ok(list),
        Ok(_) => Err(bad(format!("{what}: the text holds no PEM certificate"))),
        Err(e) => Err(bad(format!("{what}: {e}"))),
    }
}

fn bad(message: String) -> Failure {
    Failure::new(FailureKind::Tls, message)
}

/// For `TlsVerify::None`: signatures are checked, identity is not.
#[derive(Debug)]
struct NoVerification {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for NoVerification {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
