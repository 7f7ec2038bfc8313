//! The one stop signal: Ctrl-C or a terminate request, told to everybody who waits for it.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// A value that becomes true when this process is asked to stop. A second request ends it at once.
pub(crate) fn stop() -> (watch::Sender<bool>, watch::Receiver<bool>) {
    let (stop, stopped) = watch::channel(false);
    let told = stop.clone();
    tokio::spawn(async move {
        asked().await;
        let _ = told.send(true);
        asked().await;
        // Everything acknowledged is on the disk; the rest is what a kill would leave, and the next start puts right.
        std::process::exit(i32::from(model::Kind::Interrupted.exit_code()));
    });
    (stop, stopped)
}

/// Returns `limit` after the stop signal.
pub(crate) async fn drained(mut stopped: watch::Receiver<bool>, limit: Duration) {
    // An error means that nobody can ask any more: then there is nothing to wait for.
    if stopped.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(limit).await;
}

async fn asked() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
