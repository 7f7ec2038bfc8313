//! Case folders: captures that belong together, under a name.

use askama::Template;
use casework::{Folder, FolderItem};
use model::{Action, CaptureId, CaseId};
use serde_json::json;

use crate::act;
use crate::ask::{Answer, Ask, html, json, see};
use crate::problem::Problem;
use crate::view::{Frame, moment};

#[derive(Template)]
#[template(path = "folders.html")]
struct FoldersPage {
    f: Frame,
    case: CaseId,
    folders: Vec<Folder>,
    /// What stands in the field.
    name: String,
    problem: Option<Problem>,
}

#[derive(Template)]
#[template(path = "folder.html")]
struct FolderPage {
    f: Frame,
    case: CaseId,
    folder: Folder,
    items: Vec<FolderItem>,
}

async fn all(ask: &Ask) -> Result<(CaseId, Vec<Folder>), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let folders = act::desk(ask).folders(ask.principal()?, &case).await?;
    Ok((case, folders))
}

async fn shown(ask: &Ask, problem: Option<Problem>) -> Answer {
    let (case, folders) = all(ask).await?;
    let f = Frame::titled(ask, ask.words.t1("folders-title", "case", &case));
    let name = ask.kept("name", problem.as_ref());
    act::with_problem(problem, |problem| html(&FoldersPage { f, case, folders, name, problem }))
}

pub(crate) async fn list(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn made(ask: &Ask) -> Result<(CaseId, i64), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let folder = act::desk(ask).new_folder(ask.principal()?, &case, ask.need("name")?).await?;
    Ok((case, folder))
}

pub(crate) async fn make(ask: Ask) -> Answer {
    match made(&ask).await {
        Ok((case, folder)) => Ok(see(&format!("/cases/{case}/folders/{folder}"))),
        Err(problem) if problem.mends() => shown(&ask, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

/// The folder of that number.
fn numbered(folders: Vec<Folder>, number: i64) -> Result<Folder, Problem> {
    folders.into_iter().find(|folder| folder.folder == number).ok_or(Problem::not_found())
}

async fn opened(ask: &Ask) -> Result<(CaseId, Folder, Vec<FolderItem>), Problem> {
    let (case, folders) = all(ask).await?;
    let folder = numbered(folders, ask.param("folder")?)?;
    let items = act::desk(ask).folder_items(ask.principal()?, &case, &folder.name).await?;
    Ok((case, folder, items))
}

pub(crate) async fn one(ask: Ask) -> Answer {
    let (case, folder, items) = opened(&ask).await?;
    let f = Frame::titled(&ask, ask.words.t1("folder-title", "name", &folder.name));
    html(&FolderPage { f, case, folder, items })
}

/// Puts a capture into a folder, or, with `remove`, takes it out.
async fn moved(ask: &Ask) -> Result<(CaseId, i64), Problem> {
    let (case, folders) = all(ask).await?;
    let capture: CaptureId = ask.param("capture")?;
    let number = ask.need("folder")?.parse().map_err(|_| Problem::not_found())?;
    let (folder, who) = (numbered(folders, number)?, ask.principal()?);
    if ask.form.get("remove").is_some() {
        act::desk(ask).take_from_folder(who, &case, &folder.name, capture).await?;
    } else {
        act::desk(ask).put_into_folder(who, &case, &folder.name, capture).await?;
    }
    Ok((case, number))
}

pub(crate) async fn put(ask: Ask) -> Answer {
    let (case, folder) = moved(&ask).await?;
    Ok(see(&format!("/cases/{case}/folders/{folder}")))
}

pub(crate) async fn api_list(ask: Ask) -> Answer {
    json(&all(&ask).await?.1)
}

pub(crate) async fn api_make(ask: Ask) -> Answer {
    json(&json!({ "folder": made(&ask).await?.1 }))
}

pub(crate) async fn api_one(ask: Ask) -> Answer {
    json(&opened(&ask).await?.2)
}

pub(crate) async fn api_put(ask: Ask) -> Answer {
    json(&json!({ "folder": moved(&ask).await?.1 }))
}
