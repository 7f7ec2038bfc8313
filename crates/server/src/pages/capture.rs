//! One capture: what is known of its sealed original, and, once somebody says why, its redacted page.

use askama::Template;
use model::{Action, CaptureId, CaseId};
use search::FullPage;
use serde_json::json;
use vault::{Sealed, State};

use crate::act;
use crate::ask::{Answer, Ask, html, json};
use crate::problem::Problem;
use crate::view::{Frame, bytes, moment, plain};

#[derive(Template)]
#[template(path = "capture.html")]
struct CapturePage {
    f: Frame,
    case: CaseId,
    sealed: Sealed,
    page: Option<FullPage>,
    problem: Option<Problem>,
}

impl CapturePage {
    fn is_sealed(&self) -> bool {
        self.sealed.state == State::Sealed
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
    html(&CapturePage { f: Frame::new(&ask, "capture-title"), case, sealed, page: None, problem: None })
}

pub(crate) async fn read(ask: Ask) -> Answer {
    let (case, sealed) = known(&ask).await?;
    let reason = ask.sentence("reason");
    let read = match reason {
        Ok(reason) => act::read(&ask, &case, sealed.capture, &reason).await,
        Err(problem) => Err(problem),
    };
    let f = Frame::new(&ask, "capture-title");
    match read {
        Ok(page) => html(&CapturePage { f, case, sealed, page: Some(page), problem: None }),
        Err(problem) if matches!(problem.key, "empty-field" | "long-field" | "identifier" | "not-indexed") => {
            let status = problem.status;
            let mut answer = html(&CapturePage { f, case, sealed, page: None, problem: Some(problem) })?;
            *answer.status_mut() = status;
            Ok(answer)
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
