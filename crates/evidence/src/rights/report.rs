//! The report for people.

use super::{Facts, Section};
use crate::paper::{Block, Paper, Part, Row, Table};

pub(super) fn report(facts: &Facts, sections: &[Section], unknown: usize) -> Paper {
    let mut part = Part::new("en", "English");
    part.heading(1, &format!("Rights report of {}", facts.site));
    part.text(&format!(
        "{} to {}, made {} by {} from the installation’s own records. {unknown} figures are unknown: no record tells them. \
         Numbers are no judgement: what is lawful is for people to say.",
        facts.from, facts.until, facts.made, facts.tool
    ));
    for section in sections {
        part.heading(2, &format!("{}. {}", section.number, section.title));
        part.blocks.push(Block::Small(section.law.to_owned()));
        let row = |figure: &super::Figure| Row {
            cells: vec![
                figure.what.clone(),
                figure.value.clone().unwrap_or_else(|| "unknown".to_owned()),
                figure.source.to_owned(),
            ],
            unknown: figure.value.is_none(),
        };
        let rows = section.figures.iter().map(row).collect();
        part.blocks.push(Block::Table(Table { columns: Vec::new(), rows }));
    }
    Paper {
        title: format!("Rights report: {}", facts.site),
        tool: facts.tool.clone(),
        made: facts.made,
        parts: vec![part],
    }
}
