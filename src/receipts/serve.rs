//! Listening: one request a connection, so many connections at a time, each with its time.

use super::api::{Desk, router};
use super::hits::Writer;
use super::{Database, ReceiptsError, Result, bounds};
use axum::Router;
use axum::http::HeaderName;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::{SocketAddr, TcpListener as Bound};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How often the server looks whether it is to end.
const BEAT: Duration = Duration::from_millis(100);
/// What is read and thrown away before a connection ends, so that the answer arrives
/// although the client was still talking.
const LEFTOVER: usize = 1 << 20;
/// How long that may take.
const LEFTOVER_TIME: Duration = Duration::from_secs(2);

/// How the server is run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The field in which a reverse proxy names its client (`X-Forwarded-For`): then
    /// addresses help to judge who fetches. They are not kept either way.
    pub client_field: Option<HeaderName>,
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: Bound,
    address: SocketAddr,
    answering: Database,
    writing: Database,
    options: Options,
}

impl Server {
    /// Listens, on loopback alone, and opens the data or makes it.
    ///
    /// # Errors
    /// When the address is not on loopback or taken, or the data cannot be opened.
    pub fn bind(listen: SocketAddr, data: &Path, options: Options) -> Result<Self> {
        if !listen.ip().is_loopback() {
            return Err(ReceiptsError::NotLoopback(listen));
        }
        let failed = |why: io::Error| ReceiptsError::Listen { at: listen, why: Arc::new(why) };
        let (answering, writing) = (Database::open(data)?, Database::open(data)?);
        let listener = Bound::bind(listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address, answering, writing, options })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is set; then what is under way is finished and written.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn run(self, stop: &AtomicBool) -> Result<()> {
        let failed = |error: io::Error| ReceiptsError::Run(Arc::new(error));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(4)
            .enable_all()
            .build()
            .map_err(failed)?;
        let (hits, writer) = Writer::start(self.writing)?;
        let desk = Arc::new(Desk::new(self.answering, hits, self.options.client_field));
        let served = runtime.block_on(async {
            let listener = TcpListener::from_std(self.listener).map_err(failed)?;
            listen(&listener, &router(desk), stop).await;
            Ok(())
        });
        // With it goes whatever still held a hit.
        runtime.shutdown_timeout(bounds::FAREWELL);
        writer.finish();
        served
    }
}

async fn listen(listener: &TcpListener, router: &Router, stop: &AtomicBool) {
    let room = Arc::new(Semaphore::new(bounds::CONNECTIONS));
    let mut beat = tokio::time::interval(BEAT);
    while !stop.load(Ordering::SeqCst) {
        let accepted = async {
            let place = Arc::clone(&room).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, stream) = tokio::select! {
            (place, accepted) = accepted => match accepted {
                Ok((stream, _)) => (place, stream),
                // Out of descriptors: others close theirs by and by.
                Err(_) => {
                    beat.tick().await;
                    continue;
                }
            },
            _ = beat.tick() => continue,
        };
        let router = router.clone();
        tokio::spawn(async move {
            let _place = place;
            let _ = timeout(bounds::CONNECTION_TIME, serve(stream, router)).await;
        });
    }
    // Those under way may end in peace.
    let everybody = u32::try_from(bounds::CONNECTIONS).unwrap_or(u32::MAX);
    let _ = timeout(bounds::FAREWELL, room.acquire_many(everybody)).await;
}

async fn serve(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .keep_alive(false)
        // Nothing in an answer depends on when or who.
        .auto_date_header(false)
        .max_headers(bounds::FIELDS)
        .max_header_size(bounds::HEAD)
        .max_buf_size(2 * bounds::HEAD)
        .timer(TokioTimer::new())
        .header_read_timeout(bounds::HEAD_TIME)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let Ok(parts) = connection.without_shutdown().await else { return };
    let mut stream = parts.io.into_inner();
    // Closing on somebody who still talks would take the answer from them.
    let _ = stream.shutdown().await;
    let mut thrown = [0; 4096];
    let leave = async {
        let mut left = LEFTOVER;
        while let Ok(read @ 1..) = stream.read(&mut thrown).await {
            left = left.saturating_sub(read);
            if left == 0 {
                break;
            }
        }
    };
    let _ = timeout(LEFTOVER_TIME, leave).await;
}
