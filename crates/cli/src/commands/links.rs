//! `lanthorn links` and `lanthorn groups`: what hangs together, and why.

use std::io::Write;

use model::{CaptureId, CaseId};
use search::{Group, Piece};

use super::search::Seat;
use crate::args::LinksArgs;
use crate::context::Context;
use crate::failure::usage;
use crate::terminal::table;

pub(crate) async fn links(context: &Context, args: &LinksArgs) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    let (desk, who, case) = (seat.desk(), &seat.who, &args.case);
    if args.removed {
        let removed = seat.settled(desk.removed_links(who, case).await).await?;
        return context.output().show(&removed, |out| {
            let row = |link: &casework::RemovedLink| {
                let (one, other, by) = (link.one.clone(), link.other.clone(), link.removed_by.clone());
                vec![one, other, by, link.removed_at.to_string(), link.reason.clone()]
            };
            table(out, &["ONE", "OTHER", "BY", "AT", "REASON"], &removed.iter().map(row).collect::<Vec<_>>())
        });
    }
    let token = args.token.ok_or_else(|| usage("say which token"))?;
    if let (Some(other), Some(reason)) = (args.remove, &args.reason) {
        return seat.settled(desk.remove_link(who, case, (token, other), reason).await).await;
    }
    if let Some(other) = args.restore {
        return seat.settled(desk.restore_link(who, case, (token, other)).await).await;
    }
    let links = seat.settled(desk.links(who, case, token, args.depth).await).await?;
    context.output().show(&links, |out| {
        let end = |node: &search::Node| {
            node.end.map_or_else(String::new, |end| match end {
                search::End::Hub => "hub: not followed".to_owned(),
                search::End::Weak => "shared by many: not followed".to_owned(),
                search::End::Depth => "--depth shows more".to_owned(),
            })
        };
        let rows: Vec<_> = links
            .nodes
            .iter()
            .map(|node| vec![node.depth.to_string(), node.token.to_string(), node.captures.to_string(), end(node)])
            .collect();
        table(out, &["DEPTH", "TOKEN", "CAPTURES", ""], &rows)?;
        writeln!(out)?;
        let reason = |edge: &search::Edge| {
            let (days, sites) = (format!("{} to {}", edge.first, edge.last), edge.sites.join(" "));
            let captures: Vec<_> = edge.evidence.iter().map(ToString::to_string).collect();
            let count = edge.captures.to_string();
            vec![edge.from.to_string(), edge.to.to_string(), count, days, sites, captures.join(" ")]
        };
        let rows: Vec<_> = links.edges.iter().map(reason).collect();
        table(out, &["FROM", "TO", "TOGETHER ON", "DAYS", "SITES", "SUCH AS"], &rows)?;
        if links.removed > 0 {
            writeln!(
                out,
                "\n{} links are left out because somebody took them away; --removed lists them",
                links.removed
            )?;
        }
        if links.cut {
            writeln!(out, "\nthere is more than is shown")?;
        }
        Ok(())
    })
}

pub(crate) async fn groups(context: &Context, case: &CaseId, of: Option<CaptureId>, limit: u32) -> anyhow::Result<()> {
    let seat = Seat::take(context).await?;
    if let Some(capture) = of {
        let group = seat.settled(seat.desk().alike(&seat.who, case, capture).await).await?;
        return context.output().show(&group, |out| match &group {
            Some(group) => show(out, group),
            None => writeln!(out, "no other capture says almost the same"),
        });
    }
    let groups = seat.settled(seat.desk().groups(&seat.who, case, usize::try_from(limit)?).await).await?;
    context.output().show(&groups, |out| {
        writeln!(out, "{} groups of {} captures", groups.count, groups.captures)?;
        if groups.cut {
            writeln!(out, "the case has more captures than are compared: some groups may be missing")?;
        }
        for mirror in &groups.mirrors {
            let (shared, all) = (mirror.shared, mirror.captures);
            writeln!(out, "{} repeats {}: {shared} of {all} captures, {} %", mirror.site, mirror.of, mirror.percent)?;
        }
        groups.groups.iter().try_for_each(|group| show(out, group))
    })
}

fn show(out: &mut dyn Write, group: &Group) -> std::io::Result<()> {
    let sites: Vec<_> = group.sites.iter().map(|site| format!("{} {}", site.site, site.captures)).collect();
    let (count, tokens) = (group.count, group.token_count);
    writeln!(out, "\n{count} captures, {} to {}, {tokens} tokens, {}", group.first, group.last, sites.join(", "))?;
    for piece in &group.template {
        match piece {
            Piece::Text { text } => writeln!(out, "    {text}")?,
            Piece::Slot { values, count } => {
                let values: Vec<_> = values
                    .iter()
                    .take(4)
                    .map(|value| {
                        format!("{} ({})", if value.text.is_empty() { "nothing" } else { &value.text }, value.captures)
                    })
                    .collect();
                let more = if *count > values.len() { " …" } else { "" };
                writeln!(out, "      <{}{more}>", values.join(" | "))?;
            }
        }
    }
    let rows: Vec<_> = group
        .members
        .iter()
        .map(|page| vec![page.capture.to_string(), page.site.clone(), page.day.clone(), page.title.clone()])
        .collect();
    table(out, &["    CAPTURE", "SITE", "DAY", "TITLE"], &rows)
}
