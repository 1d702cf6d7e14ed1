//! TLS by rustls, with the platform's certificate authorities (or those that
//! `SSL_CERT_FILE` and `SSL_CERT_DIR` name). Promises: nothing is remembered from one
//! connection to the next (a resumed session would tell a server who came back), and a
//! certificate that nobody vouches for is believed only if it is the one the user pinned.

use crate::model::hexadecimal;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use sha2::{Digest as _, Sha256};
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Host;

/// Why there is no secure connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TlsError {
    /// The handshake failed.
    Failed(String),
    /// Nobody vouches for the server's certificate, and it is not the pinned one.
    Certificate {
        /// SHA-256 of it, lower-case hexadecimal.
        sha256: String,
        /// What is wrong with it.
        why: String,
    },
}

/// This system's certificate authorities, read once; `None` if it has none. Reading is
/// slow, so it is not done on a thread that others wait for.
pub(super) async fn roots() -> Option<Arc<RootCertStore>> {
    static ROOTS: OnceCell<Arc<RootCertStore>> = OnceCell::const_new();
    let read = || async {
        let native = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await.ok();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(native.map(|native| native.certs).unwrap_or_default());
        // None at all may change while the program runs: asked again then.
        if roots.is_empty() { Err(()) } else { Ok(Arc::new(roots)) }
    };
    ROOTS.get_or_try_init(read).await.ok().map(Arc::clone)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// TLS that trusts these roots and remembers nothing.
pub(super) fn trusting(roots: Arc<RootCertStore>) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// What TLS calls a host.
pub(super) fn server_name(host: &Host<&str>) -> Option<ServerName<'static>> {
    match host {
        Host::Domain(name) => ServerName::try_from(name.trim_end_matches('.').to_owned()).ok(),
        Host::Ipv4(ip) => Some(ServerName::from(IpAddr::V4(*ip))),
        Host::Ipv6(ip) => Some(ServerName::from(IpAddr::V6(*ip))),
    }
}

/// Makes a connection secure. A certificate that these roots do not vouch for is believed
/// if it is the pinned one (SHA-256, lower-case hexadecimal).
pub(super) async fn secure<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    host: &Host<&str>,
    roots: Option<Arc<RootCertStore>>,
    pin: Option<&str>,
) -> Result<TlsStream<S>, TlsError> {
    let failed = |error: Error| TlsError::Failed(error.to_string());
    let name = server_name(host)
        .ok_or_else(|| TlsError::Failed("its name cannot stand in a certificate".into()))?;
    let provider = provider();
    let judge = match roots.filter(|roots| !roots.is_empty()) {
        Some(roots) => Some(
            WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
                .build()
                .map_err(|error| TlsError::Failed(error.to_string()))?,
        ),
        None => None,
    };
    let refused = Arc::new(Mutex::new(None));
    let verifier = Pinning {
        judge,
        provider: Arc::clone(&provider),
        pin: pin.map(str::to_ascii_lowercase),
        refused: Arc::clone(&refused),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| {
        let sha256 = refused.lock().unwrap_or_else(PoisonError::into_inner).take();
        match sha256 {
            Some(sha256) => TlsError::Certificate { sha256, why: why(&error) },
            None => TlsError::Failed(why(&error)),
        }
    })
}

/// Believes what the roots vouch for, and the one certificate that the user pinned.
#[derive(Debug)]
struct Pinning {
    judge: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
    pin: Option<String>,
    /// SHA-256 of the certificate that was refused.
    refused: Arc<Mutex<Option<String>>>,
}

impl ServerCertVerifier for Pinning {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = match &self.judge {
            Some(judge) => {
                judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        let error = match judged {
            Err(error @ Error::InvalidCertificate(_)) => error,
            judged => return judged,
        };
        let sha256 = hexadecimal(&Sha256::digest(end_entity.as_ref()));
        if self.pin.as_ref() == Some(&sha256) {
            return Ok(ServerCertVerified::assertion());
        }
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(sha256);
        Err(error)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// What went wrong with a handshake, in words.
pub(super) fn why(error: &io::Error) -> String {
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match cause {
        Some(Error::InvalidCertificate(why)) => match why {
            CertificateError::UnknownIssuer => {
                "nobody this system trusts vouches for its certificate".to_owned()
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired".to_owned()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name".to_owned()
            }
            CertificateError::Revoked => "its certificate was revoked".to_owned(),
            other => format!("its certificate is not good ({other})"),
        },
        Some(other) => other.to_string(),
        None => error.to_string(),
    }
}
