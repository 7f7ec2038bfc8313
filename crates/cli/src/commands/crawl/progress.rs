//! How a crawl is going, while it goes: lines on a terminal, JSON for programs, and a row for everybody else.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use model::CaseId;
use pipeline::Progress;
use serde_json::json;
use tokio::sync::watch;

use crate::args::ProgressKind;
use crate::site::{Site, failed};

/// How often a sign of life is written down, and a request to stop looked for.
const EVERY: Duration = Duration::from_secs(2);

/// Where everything that runs is shown.
#[derive(Clone)]
pub(super) struct Board {
    kind: ProgressKind,
    bars: MultiProgress,
}

/// One case on it.
#[derive(Clone)]
pub(super) struct Line {
    case: CaseId,
    kind: ProgressKind,
    bar: ProgressBar,
    last: Arc<Mutex<(Progress, Option<String>)>>,
}

impl Board {
    pub(super) fn new(kind: ProgressKind) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let kind = match kind {
            ProgressKind::Auto if terminal => ProgressKind::Bar,
            ProgressKind::Auto => ProgressKind::None,
            chosen => chosen,
        };
        Self { kind, bars: MultiProgress::new() }
    }

    /// A line for a case.
    pub(super) fn line(&self, case: &CaseId) -> Line {
        let bar = match self.kind {
            ProgressKind::Bar => self.bars.add(ProgressBar::new_spinner()),
            _ => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(case.to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        Line { case: case.clone(), kind: self.kind, bar, last: Arc::default() }
    }
}

impl Line {
    /// Says something that is no count.
    pub(super) fn say(&self, text: String) {
        self.bar.set_message(text);
    }

    /// Counts, and what is waited for.
    pub(super) fn seen(&self, progress: Progress, waits: Option<&str>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = (progress, waits.map(str::to_owned));
        let waits = waits.map(|reason| format!("; waiting: {reason}")).unwrap_or_default();
        self.bar.set_message(format!("{}{waits}", words(&progress)));
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn now(&self) -> (Progress, Option<String>) {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One line of JSON on standard error, if that is wanted.
    fn tell(&self) {
        if self.kind != ProgressKind::Json {
            return;
        }
        let (progress, waits) = self.now();
        let line = json!({ "case": self.case, "pages": progress, "waiting": waits });
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    /// Writes signs of life until the end, and passes on that somebody asked the run to stop.
    pub(super) async fn live(self, site: Site, run: i64, stop: watch::Sender<bool>, mut ended: watch::Receiver<bool>) {
        loop {
            let over = tokio::select! {
                () = tokio::time::sleep(EVERY) => false,
                _ = ended.wait_for(|ended| *ended) => true,
            };
            self.tell();
            match self.write(&site, run, over).await {
                Ok(Some(asked)) => {
                    tracing::info!(%asked, "asked to stop");
                    let _ = stop.send(true);
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "how the crawl goes could not be written down")
                }
            }
            if over {
                return;
            }
        }
    }

    async fn write(&self, site: &Site, run: i64, ended: bool) -> anyhow::Result<Option<String>> {
        let (progress, waits) = self.now();
        let text = json!({ "pages": progress, "waiting": waits }).to_string();
        let mut tx = site.store.begin().await.map_err(failed)?;
        let stop = crawler::run_lives(&mut tx, run, &text, site.clock.now(), ended).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(stop)
    }
}

/// Counts in words.
pub(super) fn words(progress: &Progress) -> String {
    let faults =
        if progress.failed > 0 { format!(", {} to be asked for again", progress.failed) } else { String::new() };
    format!(
        "{} pages kept, {} in the index, {} requests with nothing to keep{faults}",
        progress.kept, progress.indexed, progress.turned_back
    )
}
