//! Connections: how many, how slow, and how they end.

use std::time::Duration;

use audit::ActKind;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::Server;
use crate::app::App;

/// Connections at once; the next one waits to be taken.
const MAX_CONNECTIONS: usize = 1_024;
/// How long the head of a request may take to come in.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// The longest life of one connection, however busy: browsers open another.
const CONNECTION_WITHIN: Duration = Duration::from_secs(600);
const SWEEP_EVERY: Duration = Duration::from_secs(60);

impl Server {
    /// Serves until `stopped` says so, then lets what is under way end, for `drain` at most. Whether all of it did.
    ///
    /// # Errors
    /// When connections cannot be taken any more.
    pub async fn serve(
        &self,
        listener: TcpListener,
        mut stopped: watch::Receiver<bool>,
        drain: Duration,
    ) -> std::io::Result<bool> {
        let service = TowerToHyperService::new(self.router());
        let places = std::sync::Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut connections = JoinSet::new();
        let sweeping = tokio::spawn(sweep(self.0.clone()));
        let letting_go = tokio::spawn(let_go(self.0.clone()));
        loop {
            let place = std::sync::Arc::clone(&places);
            let next = async {
                let place = place.acquire_owned().await.map_err(std::io::Error::other)?;
                Ok::<_, std::io::Error>((accept(&listener).await?, place))
            };
            let (stream, place) = tokio::select! {
                next = next => next?,
                () = told(&mut stopped) => break,
            };
            while connections.try_join_next().is_some() {}
            let (service, stopped) = (service.clone(), stopped.clone());
            connections.spawn(async move {
                connection(stream, service, stopped).await;
                drop(place);
            });
        }
        sweeping.abort();
        letting_go.abort();
        drop(listener);
        let all = async { while connections.join_next().await.is_some() {} };
        Ok(tokio::time::timeout(drain, all).await.is_ok())
    }
}

/// The next connection. Too many open files are waited for; anything else ends the server.
async fn accept(listener: &TcpListener) -> std::io::Result<TcpStream> {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Ok(stream),
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::ConnectionAborted | std::io::ErrorKind::ConnectionReset
                ) => {}
            Err(error) if matches!(error.raw_os_error(), Some(23 | 24)) => {
                tracing::error!("too many open files: connections wait");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn connection(stream: TcpStream, service: TowerToHyperService<axum::Router>, mut stopped: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_headers(64)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = told(&mut stopped) => {
            served.as_mut().graceful_shutdown();
            served.await
        }
        () = tokio::time::sleep(CONNECTION_WITHIN) => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Returns when the stop signal is given, or nobody can give it any more.
async fn told(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await.is_ok();
}

/// Ends sessions whose time is over, and says so in the log.
async fn sweep(app: App) {
    loop {
        tokio::time::sleep(SWEEP_EVERY).await;
        for principal in app.sessions.sweep(app.parts.clock.now()) {
            let act = principal.act(ActKind::SignOut).detail("step", "session ended");
            if let Err(error) = app.parts.journal.note_now(act).await {
                tracing::error!(%error, "the end of a session could not be logged");
            }
        }
    }
}

/// Lets go of indexes in a state that is not the newest: an erasure waits for it.
async fn let_go(app: App) {
    loop {
        tokio::time::sleep(Duration::from_millis(search::LOOK_MILLIS)).await;
        let readers = std::sync::Arc::clone(&app.readers);
        // It looks at folders, off the threads that answer. Whatever became of this look, the next one comes.
        let _ = tokio::task::spawn_blocking(move || readers.let_go()).await;
    }
}
