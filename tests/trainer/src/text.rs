//! A text and where its names stand.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, Result};
use model::Label;
use serde::Deserialize;

/// A text with its names, as bytes of it, in order.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Its names and what they are; of other kinds too, where a set has them.
    pub names: Vec<(Range<usize>, Label)>,
    /// What it belongs to, such as a script or an origin of names.
    pub groups: Vec<(&'static str, String)>,
}

#[derive(Deserialize)]
struct Row {
    text: String,
    spans: Vec<RowSpan>,
}

#[derive(Deserialize)]
struct RowSpan {
    start: usize,
    end: usize,
    label: String,
}

impl Text {
    /// Appends plain text.
    pub fn plain(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends a name.
    pub fn name(&mut self, name: &str, label: Label) {
        let start = self.text.len();
        self.text.push_str(name);
        self.names.push((start..self.text.len(), label));
    }

    /// The same with every letter changed by `change`, which may change lengths.
    #[must_use]
    pub fn changed(&self, change: impl Fn(&str) -> String) -> Self {
        let mut changed = Self { groups: self.groups.clone(), ..Self::default() };
        let mut at = 0;
        for (range, label) in &self.names {
            changed.plain(&change(&self.text[at..range.start]));
            changed.name(&change(&self.text[range.clone()]), *label);
            at = range.end;
        }
        changed.plain(&change(&self.text[at..]));
        changed
    }

    /// The same with other names; `None` from `other` keeps one.
    #[must_use]
    pub fn renamed(&self, mut other: impl FnMut(&str, Label) -> Option<String>) -> Self {
        let mut renamed = Self { groups: self.groups.clone(), ..Self::default() };
        let mut at = 0;
        for (range, label) in &self.names {
            renamed.plain(&self.text[at..range.start]);
            let name = &self.text[range.clone()];
            renamed.name(&other(name, *label).unwrap_or_else(|| name.to_owned()), *label);
            at = range.end;
        }
        renamed.plain(&self.text[at..]);
        renamed
    }
}

/// What the redactor leaves in place of what it has hidden already.
pub const HIDDEN: char = '\u{1}';

impl Text {
    /// The same with every word hidden that `is` says yes to, as the redactor hides accounts and addresses before it looks for
    /// names; names in such words are gone.
    #[must_use]
    pub fn masked(&self, is: impl Fn(&str) -> bool) -> Self {
        let mut masked = Self { groups: self.groups.clone(), ..Self::default() };
        let mut names = self.names.iter().peekable();
        let mut at = 0;
        while at < self.text.len() {
            let rest = &self.text[at..];
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            if length > 0 && is(&rest[..length]) {
                masked.text.push(HIDDEN);
                at += length;
                continue;
            }
            let length = length + rest[length..].chars().next().map_or(0, char::len_utf8);
            let shift = masked.text.len();
            while let Some((range, label)) = names.next_if(|(range, _)| range.start < at + length) {
                if range.start >= at {
                    masked.names.push((shift + range.start - at..shift + range.end - at, *label));
                }
            }
            masked.text.push_str(&rest[..length]);
            at += length;
        }
        let end = masked.text.len();
        let text = std::mem::take(&mut masked.text);
        masked.names.retain(|(range, _)| range.end <= end && !text[range.clone()].contains(HIDDEN));
        Self { text, ..masked }
    }
}

/// Reads a set: one JSON object a line, offsets in code points. Labels that the redactor has no word for are left out.
///
/// # Errors
/// If the file cannot be read or a line is not of that form.
pub fn read_set(path: &Path) -> Result<Vec<Text>> {
    let file = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let row = |(number, line): (usize, &str)| -> Result<Text> {
        let row: Row = serde_json::from_str(line).with_context(|| format!("line {}", number + 1))?;
        let mut borders: Vec<usize> = row.text.char_indices().map(|(at, _)| at).collect();
        borders.push(row.text.len());
        let mut names = Vec::new();
        for span in row.spans {
            let known = Label::ALL.iter().find(|label| label.as_str() == span.label);
            let (Some(start), Some(end)) = (borders.get(span.start), borders.get(span.end)) else { continue };
            if let (Some(label), true) = (known, start < end) {
                names.push((*start..*end, *label));
            }
        }
        names.sort_by_key(|(range, _)| (range.start, range.end));
        Ok(Text { text: row.text, names, groups: Vec::new() })
    };
    let lines = file.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(row).collect::<Result<_>>().with_context(|| format!("read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_words_take_their_names_with_them() {
        let mut text = Text::default();
        for (part, label) in
            [("hi ", None), ("@jade", Some(Label::Person)), (" from ", None), ("Las Vegas", Some(Label::Location))]
        {
            match label {
                Some(label) => text.name(part, label),
                None => text.plain(part),
            }
        }
        let masked = text.masked(|word| word.starts_with('@'));
        assert_eq!(masked.text, "hi \u{1} from Las Vegas");
        let names: Vec<_> = masked.names.iter().map(|(range, _)| &masked.text[range.clone()]).collect();
        assert_eq!(names, ["Las Vegas"]);
    }
}
