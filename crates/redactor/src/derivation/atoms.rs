//! The characters of an original that a reader may see, each with its place: markup without its tags, comments and scripts.

/// Elements whose content is no text.
const SILENT: [&str; 2] = ["script", "style"];

/// Longest character reference that is read.
const MAX_REFERENCE: usize = 32;

/// Named references that servers write; of others the view holds the text itself.
const NAMED: [(&str, char); 22] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("copy", '©'),
    ("reg", '®'),
    ("middot", '·'),
    ("bull", '•'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
];

/// One character that is not white space.
#[derive(Clone, Copy)]
pub(crate) struct Atom {
    /// Code points of the original.
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) reference: bool,
}

/// All of them, in order.
pub(crate) struct Atoms {
    /// The original's characters.
    pub(crate) characters: Vec<char>,
    /// The atoms' characters, joined.
    pub(crate) flat: String,
    pub(crate) atoms: Vec<Atom>,
    /// For each atom where its character begins in `flat`.
    pub(crate) offsets: Vec<u32>,
}

impl Atoms {
    pub(crate) fn read(text: &str, markup: bool) -> Self {
        let mut out = Self {
            characters: text.chars().collect(),
            flat: String::with_capacity(text.len() / 2),
            atoms: Vec::new(),
            offsets: Vec::new(),
        };
        let (mut byte, mut point) = (0, 0);
        while let Some(character) = text[byte..].chars().next() {
            let rest = &text[byte..];
            let (skipped, found) = match character {
                '<' if markup => (tag(rest), None),
                '&' if markup => reference(rest).map_or((0, None), |(found, length)| (length, Some(found))),
                _ => (0, None),
            };
            if skipped == 0 {
                out.push(character, point, point + 1, false);
                byte += character.len_utf8();
                point += 1;
                continue;
            }
            let points = rest[..skipped].chars().count() as u32;
            if let Some(found) = found {
                out.push(found, point, point + points, true);
            }
            byte += skipped;
            point += points;
        }
        out
    }

    fn push(&mut self, character: char, start: u32, end: u32, reference: bool) {
        if !character.is_whitespace() {
            self.offsets.push(self.flat.len() as u32);
            self.flat.push(character);
            self.atoms.push(Atom { start, end, reference });
        }
    }
}

/// Bytes of the tag, comment or silent element at the beginning of `rest`; 0 if there is none.
fn tag(rest: &str) -> usize {
    let end_of = |mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    if rest.starts_with("<!--") {
        return end_of("-->");
    }
    let mut named = rest[1..].chars();
    if !matches!(named.next(), Some(first) if first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        return 0;
    }
    let mut quote = None;
    let mut end = rest.len();
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => {
                end = at + 1;
                break;
            }
            (None, b'"' | b'\'') if rest[..at].ends_with('=') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    let opens = |name: &&&str| {
        let after = rest[1..].get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name));
        after.is_some() && !rest[1 + name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    let Some(silent) = SILENT.iter().find(opens) else { return end };
    let content = &rest[end..];
    let closing = content
        .match_indices("</")
        .find(|(at, _)| content[at + 2..].get(..silent.len()).is_some_and(|name| name.eq_ignore_ascii_case(silent)));
    closing.map_or(rest.len(), |(at, _)| end + at)
}

/// The character that a reference at the beginning of `rest` stands for, and the reference's bytes.
pub(crate) fn reference(rest: &str) -> Option<(char, usize)> {
    let name = rest.strip_prefix('&')?;
    let end = name.bytes().take(MAX_REFERENCE).position(|byte| byte == b';')?;
    let name = &name[..end];
    let found = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let number =
                hexadecimal.map_or_else(|| number.parse().ok(), |digits| u32::from_str_radix(digits, 16).ok())?;
            // What HTML reads as another character, or as none, is not ours to guess at.
            char::from_u32(number)
                .filter(|c| !c.is_control() && number > 0x20 && !(0xfdd0..=0xffff).contains(&number))?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((found, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_may_see_is_left_with_its_places() {
        let text = "<p class=\"a>b\">Hi &amp; <b>b</b>ye<!-- no --><script>if (a<b) {}</script > 1 < 2 &#233;</p>";
        let atoms = Atoms::read(text, true);
        assert_eq!(atoms.flat, "Hi&bye1<2é");
        let amp = atoms.atoms[2];
        assert!(amp.reference);
        let written: String = atoms.characters[amp.start as usize..amp.end as usize].iter().collect();
        assert_eq!(written, "&amp;");
    }

    #[test]
    fn plain_text_has_no_tags() {
        assert_eq!(Atoms::read("a <b> &amp;", false).flat, "a<b>&amp;");
    }
}
