//! TLS as libpq understands `sslmode`, by rustls.

use std::path::Path;
use std::sync::Arc;

use postgres::config::SslMode;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::AddressError;
use super::parameters::Secured;

/// How much a connection is secured: see "Protection Provided in Different Modes" in the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Not at all.
    Disable,
    /// If the server offers it, whoever it is.
    Prefer,
    /// Always, whoever the server is; but if it is said whose certificates are trusted, they are asked for.
    Require,
    /// Always, and somebody who is trusted has signed the certificate.
    VerifyCa,
    /// The same, and the certificate is that of the host.
    VerifyFull,
}

impl Mode {
    /// What the client library has to know of it.
    pub(super) fn of_client(self) -> SslMode {
        match self {
            Self::Disable => SslMode::Disable,
            Self::Prefer => SslMode::Prefer,
            Self::Require | Self::VerifyCa | Self::VerifyFull => SslMode::Require,
        }
    }
}

/// What makes secured connections; none if they are not to be secured.
pub(super) fn connector(
    mode: Mode,
    secured: &Secured,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<MakeRustlsConnect>, AddressError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let root = secured.root.clone().or_else(|| usual_root(variable));
    let verifier: Arc<dyn ServerCertVerifier> = match mode {
        Mode::Disable => return Ok(None),
        Mode::Prefer => Arc::new(Anybody(provider.clone())),
        Mode::Require if root.is_none() => Arc::new(Anybody(provider.clone())),
        Mode::Require | Mode::VerifyCa => Arc::new(AnyName(trusted(root.as_deref(), &provider)?)),
        Mode::VerifyFull => trusted(root.as_deref(), &provider)?,
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|it| AddressError::Tls(it.to_string()))?;
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    let config = match (&secured.certificate, &secured.key) {
        (Some(certificate), Some(key)) => {
            let chain = certificates(certificate)?;
            let read = PrivateKeyDer::from_pem_file(key).map_err(|it| unusable(key, &it))?;
            builder.with_client_auth_cert(chain, read).map_err(|it| unusable(certificate, &it))?
        }
        (None, None) => builder.with_no_client_auth(),
        _ => return Err(AddressError::Syntax("`sslcert` and `sslkey` belong together".to_owned())),
    };
    Ok(Some(MakeRustlsConnect::new(config)))
}

/// Where libpq looks for the trusted certificates if nobody says so.
fn usual_root(variable: &dyn Fn(&str) -> Option<String>) -> Option<std::path::PathBuf> {
    let root = Path::new(&variable("HOME")?).join(".postgresql/root.crt");
    root.is_file().then_some(root)
}

/// Trusts those in the file, or those whom the machine trusts.
fn trusted(root: Option<&Path>, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, AddressError> {
    let Some(root) = root.filter(|it| it.as_os_str() != "system") else {
        let of_machine = rustls_platform_verifier::Verifier::new(provider.clone());
        return Ok(Arc::new(of_machine.map_err(|it| AddressError::Tls(it.to_string()))?));
    };
    let mut store = RootCertStore::empty();
    for certificate in certificates(root)? {
        store.add(certificate).map_err(|it| unusable(root, &it))?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
    Ok(verifier.map_err(|it| unusable(root, &it))?)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, AddressError> {
    let all = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    all.map_err(|it| unusable(file, &it))
}

fn unusable(file: &Path, error: &dyn std::error::Error) -> AddressError {
    AddressError::Certificate { path: file.display().to_string(), message: error.to_string() }
}

/// Asks who has signed the certificate, but not whose it is.
#[derive(Debug)]
struct AnyName(Arc<dyn ServerCertVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.0.verify_server_cert(certificate, chain, name, ocsp, now) {
            // The name is looked at last.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// Trusts whoever holds the key of the certificate that is shown: nobody can listen, but anybody can answer.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
