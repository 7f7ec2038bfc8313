//! A report for people: written once, shown as HTML and as PDF, so that neither form can say what the other does not.

mod html;
mod layout;
mod pdf;
mod type_face;

use model::Timestamp;

pub(crate) use html::html;
pub(crate) use pdf::pdf;

/// A report.
pub(crate) struct Paper {
    /// Its title.
    pub(crate) title: String,
    /// The program that made it.
    pub(crate) tool: String,
    /// When it was made.
    pub(crate) made: Timestamp,
    /// The same in one language each.
    pub(crate) parts: Vec<Part>,
}

/// A report in one language.
pub(crate) struct Part {
    /// The tag of the language: `en`.
    pub(crate) language: &'static str,
    /// What the language calls itself.
    pub(crate) name: &'static str,
    /// What it says.
    pub(crate) blocks: Vec<Block>,
}

/// A piece of it.
pub(crate) enum Block {
    /// A heading of level 1, 2 or 3.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// A paragraph in small print.
    Small(String),
    /// A list.
    List(Vec<String>),
    /// A table.
    Table(Table),
}

/// A table. The first cell of a row without column heads is the row's head.
pub(crate) struct Table {
    /// Heads of the columns; none in a table of facts.
    pub(crate) columns: Vec<String>,
    /// Its rows.
    pub(crate) rows: Vec<Row>,
}

/// A row.
pub(crate) struct Row {
    /// Its cells, from the first column on.
    pub(crate) cells: Vec<String>,
    /// Whether it says that something is not known.
    pub(crate) unknown: bool,
}

impl Part {
    pub(crate) const fn new(language: &'static str, name: &'static str) -> Self {
        Self { language, name, blocks: Vec::new() }
    }

    pub(crate) fn heading(&mut self, level: u8, text: &str) {
        self.blocks.push(Block::Heading(level, text.to_owned()));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.blocks.push(Block::Text(text.to_owned()));
    }

    pub(crate) fn list(&mut self, items: &[String]) {
        self.blocks.push(Block::List(items.to_vec()));
    }

    /// A table of names and values.
    pub(crate) fn facts(&mut self, facts: &[(&str, String)]) {
        let rows = facts.iter().map(|(name, value)| vec![(*name).to_owned(), value.clone()]).collect();
        self.table(&[], rows);
    }

    pub(crate) fn table(&mut self, columns: &[&str], rows: Vec<Vec<String>>) {
        let rows = rows.into_iter().map(|cells| Row { cells, unknown: false }).collect();
        self.blocks
            .push(Block::Table(Table { columns: columns.iter().map(|name| (*name).to_owned()).collect(), rows }));
    }

    /// A table, or a sentence where it would be empty.
    pub(crate) fn table_or(&mut self, columns: &[&str], rows: Vec<Vec<String>>, none: &str) {
        if rows.is_empty() { self.text(none) } else { self.table(columns, rows) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Paper {
        let mut part = Part::new("fr", "Français");
        part.heading(1, "Chaîne de conservation");
        part.text("L’original scellé est la copie probante.");
        part.list(&["Saint-Nazaire".to_owned(), "œuvre — « été »".to_owned()]);
        part.facts(&[("Destinataire", "Tribunal <de> l’exemple".to_owned()), ("Vide", String::new())]);
        let rows = (0..200).map(|row| vec![row.to_string(), "0123456789abcdef".repeat(4), "陳".to_owned()]);
        part.table(&["Pièce", "Engagement", "Nom"], rows.collect());
        part.table_or(&["Rien"], Vec::new(), "Aucun.");
        let made = Timestamp::from_secs(1_795_000_000);
        Paper { title: "Chaîne".to_owned(), tool: "lanthorn 0".to_owned(), made, parts: vec![part] }
    }

    #[test]
    fn the_same_report_is_the_same_bytes_and_is_tagged() {
        let one = pdf(&report()).unwrap();
        assert_eq!(one, pdf(&report()).unwrap());
        assert!(one.starts_with(b"%PDF-1.7"));
        let text = String::from_utf8_lossy(&one);
        assert!(text.contains("/StructTreeRoot"));
    }

    #[test]
    fn markup_is_escaped() {
        let html = html(&report());
        assert!(html.contains("Tribunal &lt;de&gt; l’exemple") && !html.contains("<nav>"), "{html}");
        assert!(html.contains("<p>Aucun.</p>"), "{html}");
    }
}
