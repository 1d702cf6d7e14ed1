//! Over TLS: whose certificate is good enough.

use super::*;
use crate::net::http::dial::trusting;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

// An authority of ours, and what it signed for `pictures.example.org`, good until
// 2120, and until 2021.
const AUTHORITY: &[u8] = include_bytes!("authority.der");
const SERVER: &[u8] = include_bytes!("server.der");
const EXPIRED: &[u8] = include_bytes!("expired.der");
const KEY: &[u8] = include_bytes!("server-key.der");

const NAME: &str = "pictures.example.org";

/// What a server saw of one connection.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    name: Option<String>,
    request: String,
    resumed: bool,
}

/// A server with this certificate; every connection that came to a request is sent.
async fn serve(certificate: &'static [u8]) -> (u16, tokio::sync::mpsc::UnboundedReceiver<Seen>) {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, seen) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(tcp).await else { continue };
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            let session = stream.get_ref().1;
            let _ = sender.send(Seen {
                name: session.server_name().map(str::to_owned),
                request: String::from_utf8(request).unwrap(),
                resumed: session.handshake_kind() == Some(rustls::HandshakeKind::Resumed),
            });
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nPNG").await;
            let _ = stream.shutdown().await;
        }
    });
    (port, seen)
}

/// Trusts our authority, and knows one name.
fn client_of(names: &[(&str, &[&str])]) -> Client {
    let (client, _) = knowing(names);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(AUTHORITY)).unwrap();
    let tls = Arc::new(OnceCell::new_with(Some(trusting(Arc::new(roots)).unwrap())));
    Client { tls, ..client }
}

fn unsafe_because(got: &Fetched) -> &str {
    match &got.answer {
        Err(FetchError::Tls(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_proves_its_name_is_asked() {
    let (port, mut seen) = serve(SERVER).await;
    let client = client_of(&[(NAME, &["127.0.0.1"])]);
    let url = format!("https://{NAME}:{port}/a.png");
    for _ in 0..2 {
        assert_eq!(get(&client, &url, &Anywhere).await.answer, body(b"PNG"));
        let seen = seen.recv().await.unwrap();
        assert_eq!(seen.name.as_deref(), Some(NAME));
        assert!(seen.request.contains(&format!("Host: {NAME}:{port}\r\n")));
        // Nothing ties the second visit to the first.
        assert!(!seen.resumed);
    }
    // `//host/…` is https.
    let got = get(&client, &format!("//{NAME}:{port}/a.png"), &Anywhere).await;
    assert_eq!(got.answer, body(b"PNG"));
}

#[tokio::test]
async fn a_server_that_does_not_is_not() {
    let names: &[(&str, &[&str])] =
        &[(NAME, &["127.0.0.1"]), ("other.example.org", &["127.0.0.1"])];
    // Signed by itself, as far as this system knows: the real roots do not know it.
    let (port, mut seen) = serve(SERVER).await;
    let (stranger, _) = knowing(names);
    let got = get(&stranger, &format!("https://{NAME}:{port}/"), &Anywhere).await;
    match got.answer {
        Err(FetchError::Tls(why)) => assert!(why.contains("nobody"), "{why}"),
        // A machine without any roots trusts nobody either.
        Err(FetchError::NoRoots) => {}
        other => panic!("{other:?}"),
    }
    let client = client_of(names);
    let got = get(&client, &format!("https://other.example.org:{port}/"), &Anywhere).await;
    assert!(unsafe_because(&got).contains("another name"), "{got:?}");
    let got = get(&client, &format!("https://127.0.0.1:{port}/"), &Anywhere).await;
    assert!(unsafe_because(&got).contains("another name"), "{got:?}");
    let (old, mut seen_old) = serve(EXPIRED).await;
    let got = get(&client, &format!("https://{NAME}:{old}/"), &Anywhere).await;
    assert!(unsafe_because(&got).contains("expired"), "{got:?}");
    // No request was made over any of them.
    assert!(seen.try_recv().is_err() && seen_old.try_recv().is_err());
}

#[tokio::test]
async fn what_is_not_tls_is_not_spoken_to() {
    let server = Server::on("127.0.0.1:0", |_| {}).unwrap();
    let plain = Server::raw("127.0.0.1:0", |stream, _| {
        server::say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")(stream);
    })
    .unwrap();
    for port in [plain.port, server.port] {
        let gate = Opens("127.0.0.1".into(), port);
        let url = format!("https://127.0.0.1:{port}/secret");
        let got = get(&client_of(&[]), &url, &gate).await;
        assert!(got.answer.is_err() && got.bytes == 0, "{got:?}");
    }
    assert!(!server.heard().iter().any(|heard| heard.contains("secret")));
}
