//! Through proxies: names are theirs to resolve.

use super::*;
use crate::net::proxy::{Proxy, ProxyError};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

fn through(address: &str) -> (Client, Arc<FixedNames>) {
    let (client, names) = knowing(&[]);
    (Client { proxy: Some(Proxy::parse(address).unwrap()), ..client }, names)
}

fn exact(stream: &mut TcpStream, bytes: usize) -> Vec<u8> {
    let mut read = vec![0; bytes];
    let _ = stream.read_exact(&mut read);
    read
}

/// A SOCKS5 server (RFC 1928) that notes what it is asked for, answers `reply`, and
/// plays the server behind itself.
fn socks(reply: u8) -> Server {
    Server::raw("127.0.0.1:0", move |stream, heard| {
        let hello = exact(stream, 2);
        let methods = exact(stream, usize::from(hello[1]));
        if methods.contains(&2) {
            stream.write_all(&[5, 2]).unwrap();
            let user = exact(stream, 2);
            let user = exact(stream, usize::from(user[1]));
            let length = exact(stream, 1);
            let password = exact(stream, usize::from(length[0]));
            let note = [user, password].map(|word| String::from_utf8(word).unwrap()).join("/");
            heard.lock().unwrap().push(note);
            stream.write_all(&[1, 0]).unwrap();
        } else {
            stream.write_all(&[5, 0]).unwrap();
        }
        let ask = exact(stream, 4);
        let to = match ask[3] {
            1 => format!("number {:?}", exact(stream, 4)),
            3 => {
                let length = exact(stream, 1);
                let name = exact(stream, usize::from(length[0]));
                format!("name {}", String::from_utf8(name).unwrap())
            }
            other => format!("kind {other}"),
        };
        let port = exact(stream, 2);
        let note = format!("{to} {}", u16::from_be_bytes([port[0], port[1]]));
        heard.lock().unwrap().push(note);
        stream.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        if reply == 0 {
            let request = server::head(stream);
            heard.lock().unwrap().push(request);
            server::say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsocks")(stream);
        }
    })
    .unwrap()
}

#[tokio::test]
async fn a_socks_proxy_is_given_the_name() {
    let proxy = socks(0);
    let (client, names) = through(&format!("socks5h://127.0.0.1:{}", proxy.port));
    let got = get(&client, "http://pixel.example.org/o/1.gif", &NotHere).await;
    assert_eq!(got.answer, body(b"socks"));
    let heard = proxy.heard();
    assert_eq!(heard[0], "name pixel.example.org 80");
    assert!(heard[1].starts_with("GET /o/1.gif HTTP/1.1\r\nHost: pixel.example.org\r\n"));
    assert!(names.asked().is_empty(), "{:?}", names.asked());
}

#[tokio::test]
async fn a_socks_proxy_that_wants_a_password_or_refuses() {
    let proxy = socks(0);
    let (client, _) = through(&format!("socks5://me:s%40cret@localhost:{}", proxy.port));
    assert_eq!(get(&client, "http://x.example.org/", &NotHere).await.answer, body(b"socks"));
    assert_eq!(proxy.heard()[0], "me/s@cret");
    let refusing = socks(2);
    let (client, names) = through(&format!("socks5://127.0.0.1:{}", refusing.port));
    let got = get(&client, "https://x.example.org/", &NotHere).await;
    assert!(matches!(got.answer, Err(FetchError::Proxy(ProxyError::Refused(_)))), "{got:?}");
    // It is not tried without it.
    assert!(names.asked().is_empty());
}

#[tokio::test]
async fn with_a_proxy_that_is_not_there_nothing_is_asked() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\n\r\nx".to_vec());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for kind in ["socks5", "http"] {
        let (client, names) = through(&format!("{kind}://127.0.0.1:{port}"));
        let got = get(&client, &server.url("/"), &Anywhere).await;
        assert!(matches!(got.answer, Err(FetchError::Connect(_))), "{got:?}");
        assert!(names.asked().is_empty());
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn numbers_of_this_machine_are_judged_before_the_proxy_hears_of_them() {
    let proxy = socks(0);
    let server = Server::answering(b"HTTP/1.1 200 OK\r\n\r\ndirect".to_vec());
    let (client, _) = through(&format!("socks5://127.0.0.1:{}", proxy.port));
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let got = get(&client, &format!("http://{host}:{}/", server.port), &NotHere).await;
        assert!(matches!(got.answer, Err(FetchError::Private(_))), "{got:?}");
    }
    assert_eq!((proxy.connections(), server.connections()), (0, 0));
    // What was opened here is reached from here.
    let got = get(&client, &server.url("/"), &server.gate()).await;
    assert_eq!(got.answer, body(b"direct"));
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn an_http_proxy_is_told_the_whole_address() {
    let proxy = Server::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nGIF".to_vec());
    let (client, names) = through(&format!("http://me:pw@127.0.0.1:{}", proxy.port));
    let got = get(&client, "http://pixel.example.org:8080/a?b=c", &NotHere).await;
    assert_eq!(got.answer, body(b"GIF"));
    assert_eq!(
        proxy.heard(),
        ["GET http://pixel.example.org:8080/a?b=c HTTP/1.1\r\n\
          Host: pixel.example.org:8080\r\n\
          User-Agent: Mozilla/5.0\r\n\
          Accept: image/*,*/*;q=0.8\r\n\
          Accept-Encoding: identity\r\n\
          Connection: close\r\n\
          Proxy-Authorization: Basic bWU6cHc=\r\n\r\n"]
    );
    assert!(names.asked().is_empty());
}

#[tokio::test]
async fn an_http_proxy_tunnels_what_is_encrypted() {
    let said = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
    let proxy = Server::answering(said.as_bytes().to_vec());
    let (client, names) = through(&format!("http://127.0.0.1:{}", proxy.port));
    let got = get(&client, "https://pixel.example.org/secret", &NotHere).await;
    match got.answer {
        Err(FetchError::Proxy(ProxyError::Refused(why))) => assert!(why.contains("407"), "{why}"),
        other => panic!("{other:?}"),
    }
    // It learns the host and nothing else.
    assert_eq!(
        proxy.heard(),
        ["CONNECT pixel.example.org:443 HTTP/1.1\r\nHost: pixel.example.org:443\r\n\r\n"]
    );
    assert!(names.asked().is_empty());
    // What it says must be HTTP, and end.
    for said in ["", "hello\r\n\r\n", "200 OK\r\n\r\n", &"x".repeat(40_000)] {
        let proxy = Server::answering(said.as_bytes().to_vec());
        let (client, _) = through(&format!("http://127.0.0.1:{}", proxy.port));
        let got = get(&client, "https://pixel.example.org/", &NotHere).await;
        assert!(matches!(got.answer, Err(FetchError::Proxy(_))), "{got:?}");
    }
}

#[test]
fn addresses_of_proxies() {
    for (address, read) in [
        ("socks5://127.0.0.1:9050", "Socks5(127.0.0.1:9050)"),
        ("socks5h://localhost", "Socks5(localhost:1080)"),
        (" http://proxy.example.org:3128/ ", "Http(proxy.example.org:3128)"),
        ("http://[::1]:8080", "Http(::1:8080)"),
        // Passwords are not shown.
        ("http://me:secret@proxy.example.org:3128", "Http(proxy.example.org:3128)"),
    ] {
        assert_eq!(format!("{:?}", Proxy::parse(address).unwrap()), read);
    }
    for wrong in [
        "",
        "127.0.0.1:9050",
        "https://proxy.example.org",
        "socks4://127.0.0.1",
        "http://proxy.example.org/path",
        "socks5://",
        "ftp://me:secret@x",
    ] {
        let error = Proxy::parse(wrong).unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}
