//! Pages that share one identifier, each of which writes it in its own way.

use model::Label;

use super::Place;
use super::html::escape;
use super::planting::Gardener;
use crate::identifier::Identifier;
use crate::language::Language;

/// The kinds that groups share, in turn: those that people write in more than one way.
const KINDS: [Label; 10] = [
    Label::Phone,
    Label::Email,
    Label::Phone,
    Label::Handle,
    Label::Phone,
    Label::Iban,
    Label::Phone,
    Label::Card,
    Label::Phone,
    Label::Crypto,
];

/// An identifier for the group of this number, whose members' pages have these language tags.
pub(super) fn identifier(gardener: &mut Gardener, group: usize, tags: &[&str]) -> Identifier {
    let label = KINDS[group % KINDS.len()];
    loop {
        let made = gardener.fresh(label);
        let at_home = |tag: &&str| made.written_for(tag).len() > made.written.len();
        // Where a member's page is of some country, its national writing is the one worth testing.
        let foreign =
            label == Label::Phone && tags.iter().any(|tag| tag.starts_with("en")) && !tags.iter().any(at_home);
        if made.written.len() > 1 && !foreign {
            return made;
        }
    }
}

/// What a group shares, and how one of its pages writes it.
pub(super) struct Shared {
    identifier: Identifier,
    written: String,
}

impl Shared {
    /// How the member that comes at this `turn` writes it, on a page in the language of `tag`.
    pub(super) fn written_on(identifier: &Identifier, group: usize, turn: usize, tag: &str) -> Self {
        let ways = identifier.written_for(tag);
        let everywhere = identifier.written.len();
        let way = match ways.len() - everywhere {
            0 => (group + turn) % ways.len(),
            national => everywhere + group % national,
        };
        Self { written: ways[way].to_owned(), identifier: identifier.clone() }
    }

    /// The part of a page that ties it to its group.
    pub(super) fn contact(&self, gardener: &mut Gardener, language: &'static Language, path: &str) -> String {
        let Self { identifier, written } = self;
        let class = match identifier.label {
            Label::Phone => "phone",
            Label::Email => "email",
            _ => "messenger",
        };
        let lead = language.lead(identifier.label, &mut gardener.rng);
        gardener.note(identifier.label, identifier.canonical.clone(), written.clone(), path, Place::Visible);
        if let Some(group) = gardener.groups.iter_mut().find(|group| group.canonical == identifier.canonical) {
            group.paths.push(path.to_owned());
        }
        format!("<p class=\"{class}\">{} {}</p>", escape(lead), escape(written))
    }
}
