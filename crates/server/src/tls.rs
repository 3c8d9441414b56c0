//! TLS for phones on the network: a certificate that is given, or one made for this machine and kept in the data folder.

use std::io::BufReader;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The PEM file holds no private key.
    #[error("{0} holds no private key in PEM")]
    NoKey(PathBuf),
    /// The certificate cannot be made.
    #[error("no certificate could be made: {0}")]
    Make(#[from] rcgen::Error),
    /// Key and certificate do not fit.
    #[error("the certificate cannot be used: {0}")]
    Use(#[from] tokio_rustls::rustls::Error),
}

/// An acceptor with the given certificate, or with one of our own for these addresses.
///
/// # Errors
/// [`TlsError`] says which file and why.
pub fn acceptor(
    given: Option<(&Path, &Path)>,
    data: &Path,
    addresses: &[IpAddr],
) -> Result<TlsAcceptor, TlsError> {
    let own = (data.join("tls-certificate.pem"), data.join("tls-key.pem"));
    let (chain, key) = match given {
        Some((chain, key)) => (chain.to_owned(), key.to_owned()),
        None => {
            make(&own, addresses)?;
            own
        }
    };
    let certificates: Vec<CertificateDer<'static>> = rustls_pemfile::certs(&mut open(&chain)?)
        .collect::<Result<_, _>>()
        .map_err(|cause| TlsError::File { path: chain.clone(), cause })?;
    let private: PrivateKeyDer<'static> = rustls_pemfile::private_key(&mut open(&key)?)
        .map_err(|cause| TlsError::File { path: key.clone(), cause })?
        .ok_or(TlsError::NoKey(key))?;
    let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(certificates, private)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Makes a self-signed certificate once; a phone that accepted it keeps accepting it.
fn make((chain, key): &(PathBuf, PathBuf), addresses: &[IpAddr]) -> Result<(), TlsError> {
    if chain.exists() && key.exists() {
        return Ok(());
    }
    let names: Vec<String> =
        std::iter::once("localhost".to_owned()).chain(addresses.iter().map(ToString::to_string)).collect();
    let made = rcgen::generate_simple_self_signed(names)?;
    write(key, &made.signing_key.serialize_pem())?;
    write(chain, &made.cert.pem())
}

fn write(path: &Path, text: &str) -> Result<(), TlsError> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|cause| TlsError::File { path: path.to_owned(), cause })
}

fn open(path: &Path) -> Result<BufReader<std::fs::File>, TlsError> {
    std::fs::File::open(path)
        .map(BufReader::new)
        .map_err(|cause| TlsError::File { path: path.to_owned(), cause })
}
