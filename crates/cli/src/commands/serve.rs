//! `lanthorn serve`: the web pages and the API; `lanthorn up`: everything that a site runs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use access::SecondFactorKey;
use anyhow::Context as _;
use audit::{Act, ActKind, Actor};
use model::Kind;
use rand::rngs::OsRng;
use serde_json::json;
use server::{Parts, Server, Settings};
use tokio::net::TcpListener;
use tokio::sync::watch;
use vault::Shelf;

use crate::config::ServerConfig;
use crate::context::Context;
use crate::desk::SiteDesk;
use crate::failure::{failure, usage};
use crate::signal;
use crate::site::{Site, failed};

/// What is under way is given so long to end.
const DRAIN: Duration = Duration::from_secs(10);

pub(crate) async fn run(context: &Context, listen: Option<SocketAddr>, log_beside: bool) -> anyhow::Result<()> {
    let site = context.site().await?;
    let _alone = site.alone("serve")?;
    let config = &site.config.server;
    let address = listen.unwrap_or(config.listen);
    if !address.ip().is_loopback() {
        return Err(usage(format!(
            "{address} is not on the loopback address: pages are served there alone, and an onion service or a TLS proxy leads to it"
        )));
    }
    let listener = TcpListener::bind(address).await.with_context(|| format!("failed to listen on {address}"))?;
    let address = listener.local_addr().context("failed to listen")?;
    let server = compose(context, &site, settings(&site, config, address)?).await?;
    let started = Act::new(ActKind::Setting, Actor::Process("serve")).detail("step", "started");
    site.journal.note_now(started).await.map_err(failed)?;

    let (stop, stopped) = signal::stop();
    let signer = if log_beside { None } else { sign_behind(&site, stopped.clone()).await };
    context.tell(&format!("http://{address} serves {}; end with Ctrl-C", site.config.site.name));
    let ended = server.serve(listener, stopped, DRAIN).await;
    let _ = stop.send(true);
    site.journal
        .note_now(Act::new(ActKind::Setting, Actor::Process("serve")).detail("step", "ended"))
        .await
        .map_err(failed)?;
    match signer {
        Some(signer) => drop(signer.await),
        None => site.settle_log().await,
    }
    let clean = ended.context("failed to take connections")?;
    context.output().show(&json!({ "address": address.to_string(), "clean": clean }), |out| {
        writeln!(
            out,
            "{}",
            if clean { "ended; everything that was begun is finished" } else { "ended; some requests were cut off" }
        )
    })
}

fn settings(site: &Site, config: &ServerConfig, listen: SocketAddr) -> anyhow::Result<Settings> {
    Ok(Settings {
        site: site.config.site.name.clone(),
        listen,
        names: config.names.clone(),
        keys: config.relying_party(listen)?,
        idle_minutes: config.idle_minutes,
        session_hours: config.session_hours,
        requests_a_minute: config.requests_a_minute,
        tls_only: config.tls_only,
    })
}

async fn compose(context: &Context, site: &Site, settings: Settings) -> anyhow::Result<Server> {
    let access = context.access(site)?.demanding_keys(&site.config.server.key_roles);
    let recovered = site.journal.recover().await.map_err(failed)?;
    if !recovered.is_empty() {
        context.tell(&format!(
            "the outcome of {} acts of a process that was killed is unknown; the log says so",
            recovered.len()
        ));
    }
    let key = site.layout.second_factor_key()?;
    let second_factors =
        SecondFactorKey::load_or_make(&key, &mut OsRng).with_context(|| format!("failed to read {}", key.display()))?;
    Ok(Server::new(Parts {
        access,
        store: site.store.clone(),
        journal: site.journal.clone(),
        clock: site.clock.clone(),
        shelf: Shelf::new(&site.layout.vault(), site.store.clone()),
        indexes: site.layout.indexes(),
        log: site.layout.log(),
        second_factors,
        desk: Arc::new(SiteDesk(site.clone())),
        settings,
    }))
}

/// In one-user mode, where no `lanthorn log` runs beside it, the server signs the log itself.
async fn sign_behind(site: &Site, stopped: watch::Receiver<bool>) -> Option<tokio::task::JoinHandle<()>> {
    let sequencer = site.sequencer().await.ok()?;
    Some(tokio::spawn(async move {
        if let Err(error) = sequencer.run(stopped).await {
            tracing::error!(%error, "the log is not signed any more");
        }
    }))
}

/// Starts each process anew when it ends, with a pause between, until this one is told to stop.
pub(crate) async fn up(context: &Context, listen: Option<SocketAddr>) -> anyhow::Result<()> {
    let site = context.site().await?;
    let _alone = site.alone("up")?;
    let program = std::env::current_exe().context("failed to find this program")?;
    let data = context.common.data.clone();
    drop(site);
    let listen = listen.map(|listen| vec!["--listen".to_owned(), listen.to_string()]).unwrap_or_default();
    let processes = [vec!["log".to_owned()], [vec!["serve".to_owned(), "--log-beside".to_owned()], listen].concat()];
    let (_stop, stopped) = signal::stop();
    let mut kept = tokio::task::JoinSet::new();
    for arguments in processes {
        context.tell(&format!("starting lanthorn {}", arguments.join(" ")));
        kept.spawn(keep_up(program.clone(), data.clone(), arguments, stopped.clone()));
    }
    let mut gave_up = None;
    while let Some(ended) = kept.join_next().await {
        gave_up = gave_up.or(ended.ok().flatten());
    }
    match gave_up {
        None => Ok(()),
        Some(name) => {
            Err(failure(Kind::Unavailable, format!("`lanthorn {name}` ended again and again; see its own message")))
        }
    }
}

/// Ends of a process in a row before `up` gives up.
const MOST_ENDS: u32 = 5;
/// A run longer than this counts as a good one.
const GOOD_RUN: Duration = Duration::from_secs(60);

/// Keeps one process running; its name, if it would not.
async fn keep_up(
    program: std::path::PathBuf,
    data: std::path::PathBuf,
    arguments: Vec<String>,
    mut stopped: watch::Receiver<bool>,
) -> Option<String> {
    let mut ends = 0;
    loop {
        let began = tokio::time::Instant::now();
        let mut command = tokio::process::Command::new(&program);
        command.args(&arguments).arg("--data").arg(&data).kill_on_drop(true);
        let Ok(mut child) = command.spawn() else { return Some(arguments.join(" ")) };
        tokio::select! {
            _ = child.wait() => {}
            () = told(&mut stopped) => {
                // Ctrl-C has reached it, too; a terminate request has not.
                if let Some(id) = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).unwrap_or(0))) {
                    let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
                }
                let _ = tokio::time::timeout(DRAIN * 2, child.wait()).await;
                return None;
            }
        }
        ends = if began.elapsed() > GOOD_RUN { 1 } else { ends + 1 };
        if ends >= MOST_ENDS {
            return Some(arguments.join(" "));
        }
        tracing::warn!(process = arguments.first(), "ended; it is started again");
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(u64::from(ends))) => {}
            () = told(&mut stopped) => return None,
        }
    }
}

async fn told(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await.is_ok();
}
