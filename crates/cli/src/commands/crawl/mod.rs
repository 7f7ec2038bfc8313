//! `lanthorn crawl`: collect pages of cases, plan and schedule it, and tell how it stands.

mod collect;
mod metrics;
mod plan;
mod progress;
mod schedules;
mod show;

use std::time::Duration;

use pipeline::RunOptions;

use crate::args::CrawlCommand;
use crate::context::Context;

pub(crate) async fn run(context: &Context, command: CrawlCommand) -> anyhow::Result<()> {
    match command {
        CrawlCommand::Run { cases, scheduled, until_idle, max_wait, workers, max_pages, progress } => {
            let options = RunOptions {
                workers: usize::from(workers),
                until_idle,
                max_wait: Duration::from_secs(max_wait),
                max_pages,
                ..RunOptions::default()
            };
            if scheduled {
                schedules::run(context, options, progress).await
            } else {
                collect::run(context, &cases, options, progress).await
            }
        }
        CrawlCommand::Plan { case, urls, count } => plan::run(context, &case, &urls, count).await,
        CrawlCommand::Schedule { case, at, zone, minutes, remove } => {
            schedules::change(context, &case, at.as_deref(), &zone, minutes, remove).await
        }
        CrawlCommand::Status { case } => show::status(context, &case).await,
        CrawlCommand::Why { case, site } => show::why(context, &case, &site).await,
        CrawlCommand::Pause { case, reason } => show::pause(context, &case, Some(&reason)).await,
        CrawlCommand::Resume { case, site: None } => show::pause(context, &case, None).await,
        CrawlCommand::Resume { case, site: Some(label) } => show::release(context, &case, &label).await,
        CrawlCommand::Stop { case, reason } => show::stop(context, &case, &reason).await,
    }
}
