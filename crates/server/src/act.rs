//! What pages and API do alike. Whatever reads a case goes through `casework`'s desk, as the command line does: leave, screen,
//! announced in the log, read, closed in the log.

use std::sync::Arc;

use access::{Principal, Request};
use axum::http::StatusCode;
use casework::{Desk, Error, Indicators, Raised};
use model::{Action, CaptureId, CaseId, Token};
use search::{FullPage, Group, Groups, Hits, Links, Pivot, Want};
use tokio::sync::SemaphorePermit;
use vault::Sealed;

use crate::ask::{Answer, Ask};
use crate::problem::Problem;

/// Captures that a pivot lists.
const PIVOT_CAPTURES: usize = 200;
/// Groups that are shown in full.
const GROUPS: usize = 20;

/// Where cases are read and worked on, as on the command line.
pub(crate) fn desk(ask: &Ask) -> Desk<'_> {
    let parts = &ask.app.parts;
    let desk = Desk::new(&parts.access, parts.store.clone(), parts.journal.clone(), parts.indexes.clone());
    desk.sharing(Arc::clone(&ask.app.readers))
}

/// A turn at the indexes: only so many questions at once, so that many readers slow one another down and take no more memory.
async fn turn(ask: &Ask) -> Result<SemaphorePermit<'_>, Problem> {
    let closed = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    ask.app.searching.acquire().await.map_err(closed)
}

/// Refuses identifiers in a text that is about to be sent on, in the log first; the text itself is repeated nowhere.
pub(crate) async fn screen(ask: &Ask, case: &CaseId, text: &str) -> Result<(), Problem> {
    match desk(ask).understand(ask.principal()?, case, text).await {
        Err(Error::Identifier(found)) => Err(found.into()),
        // A mistake in a query is told where it is searched with; a reason is no query at all.
        Ok(_) | Err(Error::Query(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Searches one case.
pub(crate) async fn search(ask: &Ask, case: &CaseId, query: &str, want: Want) -> Result<Hits, Problem> {
    let _turn = turn(ask).await?;
    // Whose case it is comes first: what is wrong with a query tells nothing about the cases of others.
    in_case(ask, Action::Search, case).await?;
    Ok(desk(ask).search(ask.principal()?, case, query, want).await?)
}

/// Everything that shares a token.
pub(crate) async fn pivot(ask: &Ask, case: &CaseId, token: Token) -> Result<Pivot, Problem> {
    let _turn = turn(ask).await?;
    Ok(desk(ask).pivot(ask.principal()?, case, token, PIVOT_CAPTURES).await?)
}

/// What hangs together with a token.
pub(crate) async fn links(ask: &Ask, case: &CaseId, token: Token, depth: u8) -> Result<Links, Problem> {
    let _turn = turn(ask).await?;
    Ok(desk(ask).links(ask.principal()?, case, token, depth).await?)
}

/// Pages that say almost the same.
pub(crate) async fn groups(ask: &Ask, case: &CaseId) -> Result<Groups, Problem> {
    let _turn = turn(ask).await?;
    Ok(desk(ask).groups(ask.principal()?, case, GROUPS).await?)
}

/// Pages that say almost the same as this one.
pub(crate) async fn alike(ask: &Ask, case: &CaseId, capture: CaptureId) -> Result<Option<Group>, Problem> {
    let _turn = turn(ask).await?;
    Ok(desk(ask).alike(ask.principal()?, case, capture).await?)
}

/// The pages that rules flag.
pub(crate) async fn indicators(
    ask: &Ask,
    case: &CaseId,
    rules: &Indicators,
    most: usize,
) -> Result<Vec<Raised>, Problem> {
    let _turn = turn(ask).await?;
    match desk(ask).indicators(ask.principal()?, case, rules, most).await {
        // Where nothing has been indexed, nothing is flagged.
        Err(Error::Search(search::Error::NoIndex)) => Ok(Vec::new()),
        found => Ok(found?),
    }
}

/// A page with a form whose mistakes are shown above it, under the problem's own status.
pub(crate) fn with_problem(problem: Option<Problem>, page: impl FnOnce(Option<Problem>) -> Answer) -> Answer {
    let status = problem.as_ref().map(|problem| problem.status);
    let mut answer = page(problem)?;
    if let Some(status) = status {
        *answer.status_mut() = status;
    }
    Ok(answer)
}

/// The redacted page of one capture; why is kept in the log.
pub(crate) async fn read(ask: &Ask, case: &CaseId, capture: CaptureId, reason: &str) -> Result<FullPage, Problem> {
    let _turn = turn(ask).await?;
    sealed(ask, case, capture).await?;
    Ok(desk(ask).page(ask.principal()?, case, capture, reason).await?.into())
}

/// What the vault's register says of a capture of this case; one of another case is not there.
pub(crate) async fn sealed(ask: &Ask, case: &CaseId, capture: CaptureId) -> Result<Sealed, Problem> {
    let sealed = ask.app.parts.shelf.find(capture).await?;
    if sealed.case == *case { Ok(sealed) } else { Err(Problem::not_found()) }
}

/// Leave for something in one case, which may be another's or the site's policy may single out.
pub(crate) async fn in_case(ask: &Ask, action: Action, case: &CaseId) -> Result<access::Permit, Problem> {
    let permit = ask.app.parts.access.permit_in(ask.principal()?, action, Some(case)).await?;
    ask.app.cases().find(case).await?;
    Ok(permit)
}

/// A request of this very person; another's is not there.
pub(crate) async fn own_request(ask: &Ask) -> Result<Request, Problem> {
    let request = ask.app.mailbox().find(ask.param("request")?).await?;
    if request.requester == *ask.principal()?.person() { Ok(request) } else { Err(Problem::not_found()) }
}

/// Somebody who is signed in, for what outlives the request.
pub(crate) fn principal(ask: &Ask) -> Result<Arc<Principal>, Problem> {
    ask.principal().map(Arc::clone)
}
