//! Connections over TLS: what each `sslmode` accepts.
//!
//! The certificates in `tls/` were made for this test and protect nothing.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use lockkeeper_verify::{Address, Cluster};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::servers::{found, skipped};

const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/tls");

/// A door before a cluster that speaks TLS, as a server's own would, and may ask who comes. Gives its port; it stands open
/// until the process ends.
fn door(cluster: &Cluster, asks: bool) -> u16 {
    let certificates = CertificateDer::pem_file_iter(format!("{TLS}/server.crt")).and_then(Iterator::collect);
    let key = PrivateKeyDer::from_pem_file(format!("{TLS}/server.key")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let config = config.expect("versions");
    let config = if asks {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(format!("{TLS}/client-authority.crt")).expect("a certificate");
        roots.add(authority).expect("an authority");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
        config.with_client_cert_verifier(verifier.expect("a verifier"))
    } else {
        config.with_no_client_auth()
    };
    let config = Arc::new(config.with_single_cert(certificates.expect("certificates"), key).expect("they fit"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let socket = cluster.folder().join(".s.PGSQL.5432");
    thread::spawn(move || {
        for visitor in listener.incoming().flatten() {
            let (config, socket) = (config.clone(), socket.clone());
            // Who does not trust the certificate goes away.
            thread::spawn(move || drop(let_in(visitor, config, socket)));
        }
    });
    port
}

fn let_in(mut visitor: TcpStream, config: Arc<ServerConfig>, socket: PathBuf) -> std::io::Result<()> {
    // SSLRequest: "SSL Session Encryption" in the manual.
    visitor.read_exact(&mut [0; 8])?;
    visitor.write_all(b"S")?;
    let mut server = UnixStream::connect(socket)?;
    let mut visitor = StreamOwned::new(ServerConnection::new(config).map_err(std::io::Error::other)?, visitor);
    visitor.conn.complete_io(&mut visitor.sock)?;
    visitor.sock.set_read_timeout(Some(Duration::from_millis(5)))?;
    server.set_read_timeout(Some(Duration::from_millis(5)))?;
    while pass_on(&mut visitor, &mut server)? && pass_on(&mut server, &mut visitor)? {}
    Ok(())
}

/// Passes on what has come; false if nothing will come any more.
fn pass_on(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<bool> {
    let mut bytes = [0; 8192];
    match from.read(&mut bytes) {
        Ok(0) => Ok(false),
        Ok(length) => {
            to.write_all(&bytes[..length])?;
            to.flush()?;
            Ok(true)
        }
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(true),
        Err(error) => Err(error),
    }
}

#[test]
fn each_mode_accepts_what_it_says() {
    let Some(server) = found().pop() else { return skipped() };
    let cluster = Cluster::start(&server).expect("a cluster");
    let port = door(&cluster, false);
    let answer = |host: &str, secured: &str| -> Result<bool, String> {
        let text = format!("host={host} hostaddr=127.0.0.1 port={port} user=postgres dbname=postgres {secured}");
        let address = Address::read(&text, &|_| None).map_err(|error| error.to_string())?;
        let mut client = address.connect().map_err(|error| format!("{error:?}"))?;
        let one: i32 = client.query_one("SELECT 1", &[]).map_err(|error| error.to_string())?.get(0);
        Ok(one == 1)
    };
    let root = format!("sslrootcert='{TLS}/authority.crt'");
    for (host, secured) in [
        ("elsewhere", "sslmode=prefer".to_owned()),
        ("elsewhere", "sslmode=require".to_owned()),
        ("elsewhere", format!("sslmode=require {root}")),
        ("elsewhere", format!("sslmode=verify-ca {root}")),
        ("localhost", format!("sslmode=verify-full {root}")),
    ] {
        assert_eq!(answer(host, &secured), Ok(true), "{host} {secured}");
    }
    for (host, secured, reason) in [
        ("elsewhere", format!("sslmode=verify-full {root}"), "NotValidForName"),
        ("localhost", "sslmode=verify-full sslrootcert=system".to_owned(), "UnknownIssuer"),
        ("localhost", "sslmode=verify-ca sslrootcert=system".to_owned(), "UnknownIssuer"),
        ("localhost", format!("sslmode=require sslrootcert='{TLS}/server.key'"), "trust anchors"),
    ] {
        let refused = answer(host, &secured).expect_err(&secured);
        assert!(refused.contains(reason), "{host} {secured}: {refused}");
    }
}

#[test]
fn a_server_may_ask_for_a_certificate() {
    let Some(server) = found().pop() else { return skipped() };
    let cluster = Cluster::start(&server).expect("a cluster");
    let port = door(&cluster, true);
    let answer = |secured: &str| -> Result<i32, String> {
        let text = format!("postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=require{secured}");
        let address = Address::read(&text, &|_| None).map_err(|error| error.to_string())?;
        let mut client = address.connect().map_err(|error| format!("{error:?}"))?;
        client.query_one("SELECT 1", &[]).map(|it| it.get(0)).map_err(|error| error.to_string())
    };
    let (own, key) = (format!("&sslcert={TLS}/client.crt"), format!("&sslkey={TLS}/client.key"));
    assert_eq!(answer(&format!("{own}{key}")), Ok(1));
    assert!(answer("").is_err(), "nobody comes in without one");
    let foreign = format!("{own}&sslkey={TLS}/server.key");
    assert!(answer(&foreign).expect_err("another's key").contains("KeyMismatch"));
    assert!(answer(&own).expect_err("no key").contains("belong together"));
}
