//! Notes, tags and assessments: what people make of a page, a token or a case, each said for what it is.

use askama::Template;
use casework::{About, Confidence, NewNote, Note, NoteKind};
use model::{Action, CaseId, Timestamp};
use serde_json::json;

use crate::act;
use crate::ask::{Answer, Ask, html, json, see};
use crate::problem::Problem;
use crate::view::{Frame, moment, query};

#[derive(Template)]
#[template(path = "notes.html")]
struct NotesPage {
    f: Frame,
    case: CaseId,
    notes: Vec<Note>,
    /// What the list is narrowed down to.
    about: Option<About>,
    /// What stands in the form.
    typed: Typed,
    problem: Option<Problem>,
}

struct Typed {
    about: String,
    kind: String,
    text: String,
    basis: String,
    confidence: String,
    until: String,
}

impl NotesPage {
    fn leads(&self, about: &About) -> Option<String> {
        let case = &self.case;
        match about {
            About::Case => None,
            About::Capture(capture) => Some(format!("/cases/{case}/captures/{capture}")),
            About::Token(token) => Some(format!("/cases/{case}/pivot?{}", query("token", &token.to_string()))),
        }
    }

    fn mine(&self, note: &Note) -> bool {
        self.f.person.as_deref() == Some(&note.made_by) || self.f.role == Some(model::Role::Supervisor)
    }
}

fn about(text: Option<&str>) -> Result<Option<About>, Problem> {
    text.map(|text| text.parse().map_err(|_| Problem::bad("about"))).transpose()
}

async fn written(ask: &Ask, about: Option<About>) -> Result<(CaseId, Vec<Note>), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let notes = act::desk(ask).notes(ask.principal()?, &case, about).await?;
    Ok((case, notes))
}

async fn shown(ask: &Ask, problem: Option<Problem>) -> Answer {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let about = about(ask.query.get("about"))?;
    let (case, notes) = written(ask, about).await?;
    let kept = |name: &str| ask.kept(name, problem.as_ref());
    let typed = Typed {
        about: Some(kept("about"))
            .filter(|kept| !kept.is_empty())
            .unwrap_or_else(|| about.map_or_else(|| "case".to_owned(), |about| about.to_string())),
        kind: kept("kind"),
        text: kept("text"),
        basis: kept("basis"),
        confidence: kept("confidence"),
        until: kept("until"),
    };
    let f = Frame::titled(ask, ask.words.t1("notes-title", "case", &case));
    act::with_problem(problem, |problem| html(&NotesPage { f, case, notes, about, typed, problem }))
}

pub(crate) async fn list(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn noted(ask: &Ask) -> Result<(CaseId, About, i64), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let about = about(ask.form.get("about"))?.unwrap_or(About::Case);
    let kind = ask.form.get("kind").unwrap_or("note");
    let kind = NoteKind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or(Problem::bad("unreadable"))?;
    let sure = ask
        .form
        .get("confidence")
        .map(|word| Confidence::ALL.into_iter().find(|known| known.as_str() == word).ok_or(Problem::bad("unreadable")));
    let until = ask
        .form
        .get("until")
        .map(|day| Timestamp::parse_rfc3339(&format!("{day}T23:59:59Z")).ok_or(Problem::bad("day")));
    let new = NewNote {
        about,
        kind,
        text: ask.need("text")?,
        basis: ask.form.get("basis"),
        confidence: sure.transpose()?,
        expires_at: until.transpose()?,
    };
    let note = act::desk(ask).note(ask.principal()?, &case, &new).await?;
    Ok((case, about, note))
}

pub(crate) async fn write(ask: Ask) -> Answer {
    match noted(&ask).await {
        Ok((case, About::Case, note)) => Ok(see(&format!("/cases/{case}/notes#note-{note}"))),
        Ok((case, about, note)) => {
            Ok(see(&format!("/cases/{case}/notes?{}#note-{note}", query("about", &about.to_string()))))
        }
        Err(problem) if problem.mends() => shown(&ask, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

async fn taken_back(ask: &Ask) -> Result<(CaseId, i64), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let note = ask.param("note")?;
    act::desk(ask).withdraw_note(ask.principal()?, &case, note).await?;
    Ok((case, note))
}

pub(crate) async fn withdraw(ask: Ask) -> Answer {
    let (case, _) = taken_back(&ask).await?;
    Ok(see(&format!("/cases/{case}/notes")))
}

pub(crate) async fn api_list(ask: Ask) -> Answer {
    let case: CaseId = ask.param("case")?;
    act::in_case(&ask, Action::Search, &case).await?;
    json(&written(&ask, about(ask.query.get("about"))?).await?.1)
}

pub(crate) async fn api_write(ask: Ask) -> Answer {
    json(&json!({ "note": noted(&ask).await?.2 }))
}

pub(crate) async fn api_withdraw(ask: Ask) -> Answer {
    json(&json!({ "note": taken_back(&ask).await?.1, "withdrawn": true }))
}
