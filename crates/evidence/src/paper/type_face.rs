//! Letters: which glyph shows a character, how wide it is, and where a line ends.

use subsetter::GlyphRemapper;

use crate::Error;

/// A face of DejaVu Sans Condensed, which is compiled in: Latin with every accent, Greek, Cyrillic, Armenian, Georgian.
///
/// Deliberately absent: shaping. Letters that join, and scripts from right to left, are set one by one in the order in which they
/// were typed; whoever needs them as they should look reads the HTML.
pub(super) struct Face {
    pub(super) bytes: &'static [u8],
    pub(super) font: ttf_parser::Face<'static>,
    /// Glyph and width in ems of the characters below [`COMMON`]: asked for once, not with every letter.
    common: Vec<(u16, f32)>,
}

/// Latin, Greek and Cyrillic lie below.
const COMMON: u32 = 0x530;

/// The glyphs of a face that a report uses, in the order in which it came upon them: each new number's character and width.
#[derive(Default)]
pub(super) struct Used {
    pub(super) glyphs: GlyphRemapper,
    /// From the second glyph on: the first is the one for what has none.
    pub(super) letters: Vec<(char, f32)>,
}

impl Face {
    pub(super) fn regular() -> Result<Self, Error> {
        Self::read(dejavu::sans_condensed::regular())
    }

    pub(super) fn bold() -> Result<Self, Error> {
        Self::read(dejavu::sans_condensed::bold())
    }

    fn read(bytes: &'static [u8]) -> Result<Self, Error> {
        let font = ttf_parser::Face::parse(bytes, 0);
        let font = font.map_err(|_| Error::Pdf("the font that is compiled in cannot be read"))?;
        let mut face = Self { bytes, font, common: Vec::new() };
        face.common = (0..COMMON).map(|code| char::from_u32(code).map_or((0, 0.0), |one| face.look_up(one))).collect();
        Ok(face)
    }

    /// The text as this face can show it: a character that it has no glyph for becomes its number, white space a space.
    pub(super) fn showable(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for character in text.chars() {
            if character.is_whitespace() {
                shown.push(' ');
            } else if self.glyph(character).0 != 0 {
                shown.push(character);
            } else {
                shown.push_str(&format!("‹U+{:04X}›", u32::from(character)));
            }
        }
        shown
    }

    /// Width in points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.glyph(character).1).sum::<f32>() * size
    }

    /// The glyph that shows a character, and its width in ems.
    fn glyph(&self, character: char) -> (u16, f32) {
        let common = self.common.get(u32::from(character) as usize);
        common.copied().unwrap_or_else(|| self.look_up(character))
    }

    fn look_up(&self, character: char) -> (u16, f32) {
        let glyph = self.font.glyph_index(character).unwrap_or_default();
        let width = self.font.glyph_hor_advance(glyph).unwrap_or_default();
        (glyph.0, f32::from(width) / f32::from(self.font.units_per_em()))
    }

    /// The text as the numbers of glyphs, two bytes each.
    pub(super) fn encoded(&self, text: &str, used: &mut Used) -> Vec<u8> {
        let mut encoded = Vec::with_capacity(text.len() * 2);
        for character in text.chars() {
            let (glyph, width) = self.glyph(character);
            let number = used.glyphs.remap(glyph);
            if usize::from(number) > used.letters.len() {
                used.letters.push((character, width * 1_000.0));
            }
            encoded.extend(number.to_be_bytes());
        }
        encoded
    }

    /// Lines no wider than `width` points. A line that ends between words keeps its space, so that a reader of the text finds it;
    /// a word that is wider than a line is cut where the line ends. There is always a line: an empty text is one space.
    pub(super) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let text = self.showable(text);
        let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0.0);
        for word in text.split_inclusive(' ') {
            let needed = self.width(word.trim_end(), size);
            if used + needed > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for character in word.chars() {
                let needed = self.glyph(character).1 * size;
                if used + needed > width && !line.is_empty() && character != ' ' {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(character);
                used += needed;
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(if line.is_empty() { " ".to_owned() } else { line });
        }
        lines
    }
}
