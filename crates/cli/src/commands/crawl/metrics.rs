//! Counts for Prometheus on a port of the loopback address: how a crawl goes, and nothing of what it reads. No host, no
//! address, no label that a person chose, no token.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use pipeline::StageTimes;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use tokio::runtime::Handle;

use crate::site::{Site, failed};

/// A request for counts is no longer than this, and takes no longer.
const MAX_REQUEST_BYTES: usize = 8 << 10;
const PATIENCE: Duration = Duration::from_secs(5);

/// Offers the counts, if a port is configured. The runtime of a crawl has no sockets but its transport's, so that a thread
/// listens; it ends with the process.
pub(super) fn serve(site: &Site, times: Arc<StageTimes>) -> anyhow::Result<()> {
    let port = site.config.crawl.metrics_port;
    if port == 0 {
        return Ok(());
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener =
        listener.with_context(|| format!("failed to offer metrics on port {port} ([crawl] metrics_port)"))?;
    let (site, runtime) = (site.clone(), Handle::current());
    let offering = move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else {
                std::thread::sleep(Duration::from_millis(100));
                continue;
            };
            // One at a time: whoever asks for counts can wait for another who does.
            if let Err(error) = answer(stream, || runtime.block_on(text(&site, &times))) {
                tracing::debug!(error = format!("{error:#}"), "somebody asked for counts and did not get them");
            }
        }
    };
    std::thread::Builder::new().name("metrics".to_owned()).spawn(offering).context("failed to start a thread")?;
    Ok(())
}

fn answer(mut stream: TcpStream, text: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut request = Vec::new();
    while !request.windows(4).any(|four| four == b"\r\n\r\n") {
        let mut piece = [0; 1024];
        let length = stream.read(&mut piece)?;
        anyhow::ensure!(length > 0 && request.len() + length <= MAX_REQUEST_BYTES, "no request");
        request.extend_from_slice(&piece[..length]);
    }
    let (status, body) = if request.starts_with(b"GET /metrics ") {
        ("200 OK", text()?)
    } else {
        ("404 Not Found", "ask for /metrics\n".to_owned())
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    Ok(stream.write_all(body.as_bytes())?)
}

/// Everything that is counted, as OpenMetrics text.
async fn text(site: &Site, times: &StageTimes) -> anyhow::Result<String> {
    let counts = crawler::counts(&site.store).await.map_err(failed)?;
    let mut registry = Registry::with_prefix("lanthorn");
    let hosts = registry.sub_registry_with_prefix("hosts");
    for (state, count) in &counts.hosts {
        hosts.register(format!("{state}_now"), format!("hosts that are {state}"), ConstGauge::new(signed(*count)));
    }
    let pages = registry.sub_registry_with_prefix("pages");
    pages.register("waiting", "pages that wait for a first visit", ConstGauge::new(signed(counts.waiting)));
    pages.register("visited", "pages that were visited", ConstGauge::new(signed(counts.done)));
    pages.register("retired", "pages that will not be visited", ConstGauge::new(signed(counts.retired)));
    registry.register("requests", "requests made", ConstCounter::new(counts.requests));
    registry.register("received_bytes", "bytes of bodies received", ConstCounter::new(counts.bytes));
    registry.register("links_refused", "links that a rule refused", ConstCounter::new(counts.refused));
    let accounts = registry.sub_registry_with_prefix("accounts");
    accounts.register("signed_in", "accounts with an open session", ConstGauge::new(signed(counts.signed_in)));
    accounts.register("signed_out", "accounts without one", ConstGauge::new(signed(counts.signed_out)));
    accounts.register("sessions", "sessions begun", ConstCounter::new(counts.sessions));
    accounts.register("sessions_lost", "sessions that are over", ConstCounter::new(counts.sessions_lost));
    registry.register("runs_missed", "scheduled runs that did not begin", ConstCounter::new(counts.missed));
    for (stage, passes, took) in times.totals() {
        let name = stage.as_str();
        registry.register(format!("stage_{name}_passes"), format!("passes of stage {name}"), ConstCounter::new(passes));
        registry.register(
            format!("stage_{name}_seconds"),
            format!("time spent in stage {name}, over all pages"),
            ConstCounter::new(took.as_secs_f64()),
        );
    }
    let mut text = String::new();
    encode(&mut text, &registry).context("failed to write the counts")?;
    Ok(text)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
