//! Through proxies: names are resolved there, never here.

use super::common::fake_smtp::{Server as Fake, Setup};
use super::*;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

/// A proxy for one connection, to wherever the fake is; what it was asked for.
fn proxy(fake: &Fake, speak: fn(&mut TcpStream) -> String) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let behind = fake.port;
    let run = std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let asked = speak(&mut tcp);
        let server = TcpStream::connect(("127.0.0.1", behind)).unwrap();
        let (mut from, mut to) = (server.try_clone().unwrap(), tcp.try_clone().unwrap());
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Write);
        });
        let mut server = server;
        let _ = std::io::copy(&mut tcp, &mut server);
        let _ = server.shutdown(std::net::Shutdown::Write);
        asked
    });
    (port, run)
}

fn socks5(tcp: &mut TcpStream) -> String {
    let mut head = [0; 2];
    tcp.read_exact(&mut head).unwrap();
    let mut ways = vec![0; head[1].into()];
    tcp.read_exact(&mut ways).unwrap();
    tcp.write_all(&[5, 0]).unwrap();
    let mut ask = [0; 5];
    tcp.read_exact(&mut ask).unwrap();
    assert_eq!(ask[..4], [5, 1, 0, 3], "by its name");
    let mut rest = vec![0; usize::from(ask[4]) + 2];
    tcp.read_exact(&mut rest).unwrap();
    tcp.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 25]).unwrap();
    let (name, port) = rest.split_at(rest.len() - 2);
    let port = u16::from_be_bytes([port[0], port[1]]);
    format!("{}:{port}", String::from_utf8_lossy(name))
}

fn connect(tcp: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        tcp.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    tcp.write_all(b"HTTP/1.1 200 fine\r\n\r\n").unwrap();
    String::from_utf8(head).unwrap().lines().next().unwrap().to_owned()
}

fn behind(port: u16, scheme: &str) -> Endpoint {
    let server = Server {
        host: "mail.goyo.invalid".into(),
        port: 587,
        security: Security::Plain,
        pin: None,
    };
    Endpoint { server, proxy: Some(format!("{scheme}://127.0.0.1:{port}")) }
}

#[tokio::test]
async fn letters_go_through_a_proxy_that_knows_the_name() {
    type Speaks = fn(&mut TcpStream) -> String;
    for (scheme, speaks, asked) in [
        ("socks5", socks5 as Speaks, "mail.goyo.invalid:587"),
        ("http", connect as Speaks, "CONNECT mail.goyo.invalid:587 HTTP/1.1"),
    ] {
        let fake = Setup::new().start();
        let (port, run) = proxy(&fake, speaks);
        let at = behind(port, scheme);
        let mut session = Session::open_with(&at, None, &Log::default(), &options()).await.unwrap();
        let came = send(&mut session, &envelope(&["a@example.org"]), LETTER).await;
        assert!(matches!(came, Came::Sent(_)), "{came:?}");
        session.quit().await;
        assert_eq!(run.join().unwrap(), asked);
        assert_eq!(fake.taken().len(), 1);
    }
}

#[tokio::test]
async fn a_proxy_that_will_not_is_told_from_a_server_that_will_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let mut room = [0; 1000];
        let _ = tcp.read(&mut room);
        let _ = tcp.write_all(b"HTTP/1.1 403 not you\r\n\r\n");
    });
    let opened = Session::open_with(&behind(port, "http"), None, &Log::default(), &options()).await;
    match opened.map(drop) {
        Err(SmtpError::Proxy(why)) => assert!(why.contains("403"), "{why}"),
        other => panic!("{other:?}"),
    }
    let at = Endpoint { proxy: Some("nonsense".into()), ..behind(1, "http") };
    let opened = Session::open_with(&at, None, &Log::default(), &options()).await;
    assert!(matches!(opened.map(drop), Err(SmtpError::Proxy(_))));
}
