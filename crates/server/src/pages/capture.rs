//! One capture: what is known of its sealed original, and, once somebody says why, its redacted page.

use askama::Template;
use casework::{About, Folder};
use model::{Action, CaptureId, CaseId};
use search::FullPage;
use serde_json::json;
use vault::{Sealed, State};

use crate::act;
use crate::ask::{Answer, Ask, html, json};
use crate::problem::Problem;
use crate::view::{Frame, bytes, moment, plain, query};

#[derive(Template)]
#[template(path = "capture.html")]
struct CapturePage {
    f: Frame,
    case: CaseId,
    sealed: Sealed,
    /// It, as notes name what they are about.
    about: String,
    /// Where it can be put.
    folders: Vec<Folder>,
    /// How much was written about it.
    notes: usize,
    page: Option<FullPage>,
    problem: Option<Problem>,
}

impl CapturePage {
    fn is_sealed(&self) -> bool {
        self.sealed.state == State::Sealed
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn commitment(&self) -> String {
        hex(&self.sealed.commitments.sha256)
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

async fn known(ask: &Ask) -> Result<(CaseId, Sealed), Problem> {
    let (case, capture): (CaseId, CaptureId) = (ask.param("case")?, ask.param("capture")?);
    act::in_case(ask, Action::Search, &case).await?;
    let sealed = act::sealed(ask, &case, capture).await?;
    Ok((case, sealed))
}

pub(crate) async fn page(ask: Ask) -> Answer {
    let (case, sealed) = known(&ask).await?;
    shown(&ask, case, sealed, None, None).await
}

async fn shown(ask: &Ask, case: CaseId, sealed: Sealed, page: Option<FullPage>, problem: Option<Problem>) -> Answer {
    let (desk, who) = (act::desk(ask), ask.principal()?);
    let about = About::Capture(sealed.capture);
    let folders = desk.folders(who, &case).await?;
    let notes = desk.notes(who, &case, Some(about)).await?.len();
    let f = Frame::new(ask, "capture-title");
    let about = about.to_string();
    act::with_problem(problem, |problem| html(&CapturePage { f, case, sealed, about, folders, notes, page, problem }))
}

pub(crate) async fn read(ask: Ask) -> Answer {
    let (case, sealed) = known(&ask).await?;
    let reason = ask.sentence("reason");
    let read = match reason {
        Ok(reason) => act::read(&ask, &case, sealed.capture, &reason).await,
        Err(problem) => Err(problem),
    };
    match read {
        Ok(page) => shown(&ask, case, sealed, Some(page), None).await,
        Err(problem) if matches!(problem.key, "empty-field" | "long-field" | "identifier" | "not-indexed") => {
            shown(&ask, case, sealed, None, Some(problem)).await
        }
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn api(ask: Ask) -> Answer {
    let (case, sealed) = known(&ask).await?;
    json(&json!({
        "capture": sealed.capture,
        "case": case,
        "authorisation": sealed.authorisation,
        "epoch": sealed.epoch,
        "sealed": sealed.state == State::Sealed,
        "sealed_at": sealed.sealed_at,
        "payload_bytes": sealed.payload_bytes,
        "commitment_sha256": hex(&sealed.commitments.sha256),
        "commitment_blake3": hex(&sealed.commitments.blake3),
    }))
}

pub(crate) async fn api_read(ask: Ask) -> Answer {
    let (case, sealed) = known(&ask).await?;
    let reason = ask.sentence("reason")?;
    json(&act::read(&ask, &case, sealed.capture, &reason).await?)
}
