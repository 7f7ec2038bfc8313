//! A report as one page of HTML: no script, nothing from elsewhere; all that goes in is escaped.

use super::{Block, Paper, Table};
use crate::view::escape;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:72em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%;margin:1em 0}\
th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top;font-size:14px;overflow-wrap:anywhere}h1{margin-top:2em}h2{break-after:avoid}\
.unknown{background:#fff3c4}small{color:#555}@media print{nav{display:none}article{break-before:page}}";

pub(crate) fn html(paper: &Paper) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>{STYLE}</style>\n",
        paper.parts.first().map_or("en", |part| part.language),
        escape(&paper.title)
    );
    if paper.parts.len() > 1 {
        let links =
            paper.parts.iter().map(|part| format!("<a href=\"#{0}\" lang=\"{0}\">{1}</a>", part.language, part.name));
        out.push_str(&format!("<nav>{}</nav>\n", links.collect::<Vec<_>>().join(" · ")));
    }
    for part in &paper.parts {
        out.push_str(&format!("<article lang=\"{0}\" id=\"{0}\">\n", part.language));
        part.blocks.iter().for_each(|block| write(&mut out, block));
        out.push_str("</article>\n");
    }
    out + "</html>\n"
}

fn write(out: &mut String, block: &Block) {
    match block {
        Block::Heading(level, text) => out.push_str(&format!("<h{level}>{}</h{level}>\n", escape(text))),
        Block::Text(text) => out.push_str(&format!("<p>{}</p>\n", escape(text))),
        Block::Small(text) => out.push_str(&format!("<p><small>{}</small></p>\n", escape(text))),
        Block::List(items) => {
            let items: String = items.iter().map(|item| format!("<li>{}</li>\n", escape(item))).collect();
            out.push_str(&format!("<ul>\n{items}</ul>\n"));
        }
        Block::Table(table) => rows(out, table),
    }
}

fn rows(out: &mut String, table: &Table) {
    out.push_str("<table>\n");
    if !table.columns.is_empty() {
        let heads: String = table.columns.iter().map(|head| format!("<th>{}</th>", escape(head))).collect();
        out.push_str(&format!("<tr>{heads}</tr>\n"));
    }
    for row in &table.rows {
        out.push_str(if row.unknown { "<tr class=\"unknown\">" } else { "<tr>" });
        for (cell, at) in row.cells.iter().zip(0..) {
            let name = if at == 0 && table.columns.is_empty() { "th" } else { "td" };
            out.push_str(&format!("<{name}>{}</{name}>", escape(cell)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}
