//! The report as one page: no script, nothing from elsewhere.

use super::{Facts, Section};
use crate::view::escape;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%}\
th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}.unknown{background:#fff3c4}small{color:#555}h2{break-after:avoid}";

pub(super) fn page(facts: &Facts, sections: &[Section], unknown: usize) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Rights report: {site}</title>\n<style>{STYLE}</style>\n\
         <h1>Rights report of {site}</h1>\n<p>{from} to {until}, made {made} by {tool} from the installation’s own records. \
         {unknown} figures are unknown: no record tells them. Numbers are no judgement: what is lawful is for people to say.</p>\n",
        site = escape(&facts.site),
        from = facts.from,
        until = facts.until,
        made = facts.made,
        tool = escape(&facts.tool),
    );
    for section in sections {
        out.push_str(&format!(
            "<h2>{}. {}</h2>\n<p><small>{}</small></p>\n<table>\n",
            section.number,
            escape(section.title),
            escape(section.law)
        ));
        for figure in &section.figures {
            let (class, value) = match &figure.value {
                Some(value) => ("", escape(value)),
                None => (" class=\"unknown\"", "unknown".to_owned()),
            };
            out.push_str(&format!(
                "<tr{class}><th>{}</th><td>{value}</td><td><small>{}</small></td></tr>\n",
                escape(&figure.what),
                escape(figure.source)
            ));
        }
        out.push_str("</table>\n");
    }
    out + "</html>\n"
}
