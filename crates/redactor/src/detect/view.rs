//! Views: a text rewritten so that the detectors can read it, and the way back to where everything came from.

use std::ops::Range;

/// A rewritten text with, for each of its bytes, the bytes it came from.
#[derive(Default)]
pub(crate) struct View {
    text: zeroize::Zeroizing<String>,
    origins: Vec<(u32, u32)>,
    /// Places in the text where something that stays visible was left out.
    cuts: Vec<usize>,
}

impl View {
    /// The text as rewritten.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Appends a stretch of the source as it is.
    pub(crate) fn copy(&mut self, source: &str, range: Range<usize>) {
        self.text.push_str(&source[range.clone()]);
        self.origins.extend(range.map(|at| (at as u32, at as u32 + 1)));
    }

    /// Appends what a stretch of the source means.
    pub(crate) fn write(&mut self, written: &str, range: &Range<usize>) {
        self.text.push_str(written);
        self.origins.resize(self.text.len(), (range.start as u32, range.end as u32));
    }

    /// Notes that something was left out here.
    pub(crate) fn cut(&mut self) {
        if self.cuts.last() != Some(&self.text.len()) {
            self.cuts.push(self.text.len());
        }
    }

    /// Whether a stretch goes across something that was left out.
    pub(crate) fn is_cut(&self, range: &Range<usize>) -> bool {
        let first = self.cuts.partition_point(|cut| *cut <= range.start);
        self.cuts.get(first).is_some_and(|cut| *cut < range.end)
    }

    /// Where a stretch came from: one range, or one for each part between what was left out.
    pub(crate) fn origins(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let first = self.cuts.partition_point(|cut| *cut <= range.start);
        let cuts = self.cuts[first..].iter().copied().take_while(|cut| *cut < range.end);
        let mut from = range.start;
        let mut parts: Vec<Range<usize>> = Vec::new();
        for to in cuts.chain([range.end]) {
            let spaces = |at: &usize| self.text.as_bytes()[*at] == b' ';
            let begin = (from..to).find(|at| !spaces(at));
            let end = (from..to).rev().find(|at| !spaces(at));
            if let (Some(begin), Some(end)) = (begin, end) {
                parts.push(self.origins[begin].0 as usize..self.origins[end].1 as usize);
            }
            from = to;
        }
        parts
    }
}
