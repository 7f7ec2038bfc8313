//! `lanthorn folder`, `note`, `assess`, `batch`, `export` and `indicators`: what people make of a case.

use std::fs::OpenOptions;
use std::io::{Read as _, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use casework::{About, Confidence, ExportFormat, ExportWant, Indicators, NewNote, Note, NoteKind};
use model::{CaseId, Sharing, Timestamp};
use search::Want;

use super::search::{Seat, pointed};
use crate::args::{
    AssessArgs, FolderCommand, HitExportArgs, IndicatorsCommand, NoteCommand, Statement, Sureness, Written,
};
use crate::context::Context;
use crate::failure::usage;
use crate::site::failed;
use crate::terminal::table;

/// Bytes of a list of queries.
const MAX_LIST_BYTES: u64 = 4 << 20;

pub(crate) async fn folder(context: &Context, command: FolderCommand) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let (desk, who) = (seat.desk(), &seat.who);
    match command {
        FolderCommand::New { case, name } => {
            let folder = seat.settled(desk.new_folder(who, &case, &name).await).await?;
            context.output().show(&serde_json::json!({ "folder": folder }), |out| writeln!(out, "made {name}"))
        }
        FolderCommand::List { case } => {
            let all = seat.settled(desk.folders(who, &case).await).await?;
            context.output().show(&all, |out| {
                let row = |folder: &casework::Folder| {
                    vec![
                        folder.name.clone(),
                        folder.captures.to_string(),
                        folder.made_by.clone(),
                        folder.made_at.to_string(),
                    ]
                };
                table(out, &["NAME", "CAPTURES", "BY", "MADE"], &all.iter().map(row).collect::<Vec<_>>())
            })
        }
        FolderCommand::Show { case, name } => {
            let items = seat.settled(desk.folder_items(who, &case, &name).await).await?;
            context.output().show(&items, |out| {
                let row = |item: &casework::FolderItem| {
                    vec![item.capture.to_string(), item.added_by.clone(), item.added_at.to_string()]
                };
                table(out, &["CAPTURE", "BY", "ADDED"], &items.iter().map(row).collect::<Vec<_>>())
            })
        }
        FolderCommand::Add { case, name, capture } => {
            seat.settled(desk.put_into_folder(who, &case, &name, capture).await).await
        }
        FolderCommand::Remove { case, name, capture } => {
            seat.settled(desk.take_from_folder(who, &case, &name, capture).await).await
        }
    }
}

pub(crate) async fn note(context: &Context, command: NoteCommand) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let (desk, who) = (seat.desk(), &seat.who);
    match command {
        NoteCommand::Add { case, about, text, tag } => {
            let kind = if tag { NoteKind::Tag } else { NoteKind::Note };
            let about: About = about.parse().map_err(failed::<casework::Error>)?;
            let new = NewNote { about, kind, text: &text, basis: None, confidence: None, expires_at: None };
            let note = seat.settled(desk.note(who, &case, &new).await).await?;
            context.output().show(&serde_json::json!({ "note": note }), |out| writeln!(out, "noted as {note}"))
        }
        NoteCommand::List { case, about } => {
            let about = about.map(|about| about.parse::<About>().map_err(failed)).transpose()?;
            let notes = seat.settled(desk.notes(who, &case, about).await).await?;
            context.output().show(&notes, |out| notes.iter().try_for_each(|note| show(out, note)))
        }
        NoteCommand::Withdraw { case, note } => seat.settled(desk.withdraw_note(who, &case, note).await).await,
    }
}

fn show(out: &mut dyn Write, note: &Note) -> std::io::Result<()> {
    let (number, kind, about) = (note.note, note.kind.as_str(), note.about);
    writeln!(out, "{number}  {kind}  {about}  {} {}", note.made_by, note.made_at)?;
    writeln!(out, "    {}", note.text)?;
    if let Some(basis) = &note.basis {
        let sure = note.confidence.map_or_else(String::new, |sure| format!("; confidence {}", sure.as_str()));
        let lapsed = if note.expired { " (no longer holds)" } else { "" };
        let until = note.expires_at.map_or_else(String::new, |until| format!("; until {}{lapsed}", until.day()));
        writeln!(out, "    basis: {basis}{sure}{until}")?;
    }
    Ok(())
}

pub(crate) async fn assess(context: &Context, args: &AssessArgs) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let until = match &args.until {
        Some(day) => {
            let end = Timestamp::parse_rfc3339(&format!("{day}T23:59:59Z"));
            Some(end.ok_or_else(|| usage("--until takes a day, such as 2027-05-31"))?)
        }
        None => None,
    };
    let new = NewNote {
        about: args.about.parse().map_err(failed::<casework::Error>)?,
        kind: match args.statement {
            Statement::Captured => NoteKind::Captured,
            Statement::Derived => NoteKind::Derived,
            Statement::Assessed => NoteKind::Assessed,
        },
        text: &args.text,
        basis: args.basis.as_deref(),
        confidence: args.confidence.map(|sure| match sure {
            Sureness::Low => Confidence::Low,
            Sureness::Moderate => Confidence::Moderate,
            Sureness::High => Confidence::High,
        }),
        expires_at: until,
    };
    let note = seat.settled(seat.desk().note(&seat.who, &args.case, &new).await).await?;
    context.output().show(&serde_json::json!({ "note": note }), |out| writeln!(out, "noted as {note}"))
}

pub(crate) async fn batch(context: &Context, case: &CaseId, file: Option<&Path>) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let mut list = String::new();
    match file {
        Some(path) => {
            let file = std::fs::File::open(path).with_context(|| format!("failed to open {}", path.display()))?;
            file.take(MAX_LIST_BYTES).read_to_string(&mut list).context("failed to read the list")?;
        }
        None => {
            std::io::stdin()
                .lock()
                .take(MAX_LIST_BYTES)
                .read_to_string(&mut list)
                .context("failed to read standard input")?;
        }
    }
    let lines = seat.settled(seat.desk().batch(&seat.who, case, &list).await).await?;
    context.output().show(&lines, |out| {
        let row = |line: &casework::BatchLine| {
            let said = line.error.clone().or_else(|| line.understood.clone()).unwrap_or_default();
            let captures: Vec<_> = line.captures.iter().map(ToString::to_string).collect();
            vec![line.line.to_string(), line.count.to_string(), captures.join(" "), said]
        };
        table(out, &["LINE", "CAPTURES", "SUCH AS", "QUERY"], &lines.iter().map(row).collect::<Vec<_>>())
    })
}

pub(crate) async fn export(context: &Context, args: &HitExportArgs) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let wanted = ExportWant {
        query: &args.query,
        want: Want { sort: args.sort, ..Want::first(usize::try_from(args.limit)?) },
        format: match args.format {
            Written::Csv => ExportFormat::Csv,
            Written::Jsonl => ExportFormat::Jsonl,
        },
        recipient: &args.recipient,
        reason: &args.reason,
    };
    let exported = seat.desk().export(&seat.who, &args.case, wanted).await;
    seat.site.settle_log().await;
    let exported = exported.map_err(|error| pointed(&args.query, error))?;
    let file = OpenOptions::new().write(true).create_new(true).mode(Sharing::Private.file()).open(&args.out);
    let mut file = file.with_context(|| format!("failed to make {}", args.out.display()))?;
    file.write_all(&exported.bytes).and_then(|()| file.sync_all()).context("failed to write the export")?;
    let told = serde_json::json!({ "rows": exported.rows, "blake3": exported.blake3 });
    context.output().show(&told, |out| {
        writeln!(out, "{} hits written to {}; BLAKE3 {}", exported.rows, args.out.display(), exported.blake3)
    })
}

pub(crate) async fn indicators(context: &Context, command: IndicatorsCommand) -> anyhow::Result<()> {
    let rules = Indicators::ours().map_err(failed)?;
    let (args, confirmed) = match command {
        IndicatorsCommand::List => {
            let all: Vec<_> = rules.rules().collect();
            return context.output().show(&all, |out| {
                writeln!(out, "rules {}", rules.version())?;
                all.iter().try_for_each(|rule| {
                    writeln!(
                        out,
                        "\n{}  {}\n    {} ({})\n    {}",
                        rule.id, rule.title, rule.source, rule.dated, rule.query
                    )
                })
            });
        }
        IndicatorsCommand::Show { case, limit } => {
            let seat = Seat::take(context).await?;
            let raised = seat.desk().indicators(&seat.who, &case, &rules, usize::try_from(limit)?).await;
            let raised = seat.settled(raised).await?;
            return context.output().show(&raised, |out| {
                writeln!(
                    out,
                    "A flag is about a page, never about a person, and means nothing until somebody has looked."
                )?;
                raised.iter().filter(|raised| raised.count > 0).try_for_each(|raised| show_raised(out, raised))
            });
        }
        IndicatorsCommand::Confirm(args) => (args, true),
        IndicatorsCommand::Dismiss(args) => (args, false),
    };
    let seat = Seat::take(context).await?;
    let flag = (&rules, args.indicator.as_str(), args.capture);
    seat.settled(seat.desk().decide_flag(&seat.who, &args.case, flag, confirmed, &args.reason).await).await
}

fn show_raised(out: &mut dyn Write, raised: &casework::Raised) -> std::io::Result<()> {
    let rule = &raised.rule;
    writeln!(out, "\n{}  {}  {} pages\n    {} ({})", rule.id, rule.title, raised.count, rule.source, rule.dated)?;
    for flag in &raised.flags {
        let why: Vec<_> = flag.why.iter().map(|why| format!("{} in {}", why.part, why.place)).collect();
        let decided = flag.decision.as_ref().map_or_else(
            || "nobody has looked yet".to_owned(),
            |decision| {
                let word = if decision.confirmed { "confirmed" } else { "dismissed" };
                format!("{word} by {}: {}", decision.decided_by, decision.reason)
            },
        );
        writeln!(out, "    {}  {}  {}  because {}; {decided}", flag.capture, flag.site, flag.day, why.join(", "))?;
    }
    Ok(())
}
