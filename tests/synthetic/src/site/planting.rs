//! Hiding values in pages and writing down each one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use encoding_rs::{Encoding, ISO_8859_7, UTF_8, WINDOWS_1251, WINDOWS_1252};
use model::Label;
use rand::Rng;
use rand_chacha::ChaCha20Rng;

use super::html::{Markup, entities, escape};
use super::{Canned, DEFAULT_PORT, Findable, Group, Place, Planted, Site, Trap, stream};
use crate::identifier::disguise::DISGUISES;
use crate::identifier::{Identifier, KINDS, pick};
use crate::language::{LANGUAGES, Language};

/// Pages that carry each rare word.
const PAGES_PER_RARE_WORD: usize = 5;

/// What was hidden in one page, ready to be set into its markup.
#[derive(Default)]
pub(super) struct Hidden {
    /// Sentences for the visible text, as markup.
    pub(super) visible: String,
    /// What the title says besides.
    pub(super) title: Option<String>,
    /// Who posted it, if a value is the name.
    pub(super) author: Option<String>,
    /// Markup for the head.
    pub(super) head: String,
    /// Markup for the end of the body.
    pub(super) tail: String,
}

/// Where a site stands before anything grows on it.
pub(super) struct Plot {
    pub(super) name: String,
    pub(super) host: String,
    /// What its onion key is made from, if it is an onion.
    pub(super) key_seed: Option<[u8; 32]>,
    pub(super) path_prefixes: Vec<&'static str>,
}

/// What one site must know of those planted before it.
#[derive(Default)]
pub(super) struct Almanac {
    /// Values in use: no two plants but those of a group share one.
    used: BTreeSet<String>,
    /// Whose turn it is among the kinds and places.
    turn: usize,
    /// Whose turn it is among the disguises.
    disguise: usize,
}

/// A site in the making.
pub(super) struct Gardener {
    pub(super) rng: ChaCha20Rng,
    plot: Plot,
    seed: u64,
    pages: BTreeMap<String, Canned>,
    planted: Vec<Planted>,
    pub(super) groups: Vec<Group>,
    in_scope: Vec<String>,
    pub(super) traps: Vec<Trap>,
    findable: Vec<Findable>,
    almanac: Almanac,
    /// Pages in each language so far.
    count: BTreeMap<&'static str, usize>,
}

impl Gardener {
    /// Begins a site with a stream of randomness of its own.
    pub(super) fn new(seed: u64, part: u64, plot: Plot, almanac: Almanac) -> Self {
        Self {
            rng: stream(seed, part),
            plot,
            seed,
            pages: BTreeMap::new(),
            planted: Vec::new(),
            groups: Vec::new(),
            in_scope: Vec::new(),
            traps: Vec::new(),
            findable: Vec::new(),
            almanac,
            count: BTreeMap::new(),
        }
    }

    /// The site, and what the next one must know.
    pub(super) fn finish(self) -> (Site, Almanac) {
        let Self { seed, plot, pages, planted, groups, in_scope, traps, findable, almanac, .. } = self;
        let Plot { name, host, key_seed, path_prefixes } = plot;
        let port = DEFAULT_PORT;
        let site =
            Site { seed, name, host, port, key_seed, path_prefixes, pages, planted, groups, in_scope, traps, findable };
        (site, almanac)
    }

    /// The `at`-th language, round and round.
    pub(super) fn language(at: usize) -> &'static Language {
        &LANGUAGES[at % LANGUAGES.len()]
    }

    /// A value that nothing planted so far has.
    pub(super) fn fresh(&mut self, label: Label) -> Identifier {
        loop {
            let made = Identifier::random(label, &mut self.rng);
            if self.almanac.used.insert(made.canonical.clone()) {
                return made;
            }
        }
    }

    /// Hides `count` values in a page, so that over the site every kind comes to every place.
    pub(super) fn hide(&mut self, path: &str, language: &'static Language, count: usize) -> Hidden {
        let mut hidden = Hidden::default();
        for _ in 0..count {
            let label = KINDS[self.almanac.turn % KINDS.len()];
            // Neighbours go to different places, and each kind comes to every place in nine rounds.
            let place = Place::ALL[(self.almanac.turn + self.almanac.turn / KINDS.len()) % Place::ALL.len()];
            // One page has one title and one author.
            let taken =
                place == Place::Title && hidden.title.is_some() || place == Place::Author && hidden.author.is_some();
            let place = if taken { Place::Visible } else { place };
            self.almanac.turn += 1;
            let identifier = self.fresh(label);
            self.hide_one(&mut hidden, path, language, &identifier, place);
        }
        self.disguise_one(&mut hidden, path, language);
        hidden
    }

    /// Hides one more value in the visible text, written so that programs do not see it.
    fn disguise_one(&mut self, hidden: &mut Hidden, path: &str, language: &'static Language) {
        let disguise = &DISGUISES[self.almanac.disguise % DISGUISES.len()];
        self.almanac.disguise += 1;
        let identifier = self.fresh(disguise.label);
        let lead = language.lead(disguise.label, &mut self.rng);
        let markup = disguise.markup(&identifier);
        let _ = writeln!(hidden.visible, "<p>{} {markup}</p>", escape(lead));
        self.note(disguise.label, identifier.canonical, markup, path, Place::Visible);
    }

    fn hide_one(
        &mut self,
        hidden: &mut Hidden,
        path: &str,
        language: &'static Language,
        identifier: &Identifier,
        place: Place,
    ) {
        let plainest = identifier.written[0].clone();
        let any = pick(&mut self.rng, &identifier.written_for(language.tag)).to_owned();
        let lead = language.lead(identifier.label, &mut self.rng);
        let said = format!("{lead} {any}");
        let written = match place {
            Place::Visible => {
                let shown = if self.rng.gen_ratio(1, 6) { entities(&any) } else { escape(&any) };
                let _ = writeln!(
                    hidden.visible,
                    "<p>{} {} {shown}.</p>",
                    escape(&language.sentence(&mut self.rng)),
                    escape(lead)
                );
                any
            }
            Place::Alt => {
                let number = self.almanac.turn;
                let _ = writeln!(hidden.tail, "<img src=\"/pages/picture-{number}.png\" alt=\"{}\">", escape(&said));
                any
            }
            Place::Title => {
                hidden.title = Some(said);
                any
            }
            Place::Meta => {
                let _ = writeln!(hidden.head, "<meta name=\"description\" content=\"{}\">", escape(&said));
                any
            }
            Place::Comment => {
                let _ = writeln!(hidden.tail, "<!-- {said} -->");
                any
            }
            Place::JsonLd => {
                let offer =
                    serde_json::json!({"@context": "https://schema.org", "@type": "Offer", "description": said});
                let _ = writeln!(hidden.head, "<script type=\"application/ld+json\">{offer}</script>");
                any
            }
            Place::Attribute => {
                let _ = writeln!(hidden.tail, "<span data-contact=\"{}\"></span>", escape(&plainest));
                plainest
            }
            Place::Url => {
                let _ = writeln!(
                    hidden.tail,
                    "<a rel=\"nofollow\" href=\"{}\">{}</a>",
                    escape(&identifier.link),
                    escape(lead)
                );
                if identifier.link.contains(&identifier.canonical) { identifier.canonical.clone() } else { plainest }
            }
            Place::Author => {
                let name = author_name(identifier);
                hidden.author = Some(name.clone());
                name
            }
        };
        let canonical = match (place, identifier.label) {
            // An account's name alone does not say on which platform.
            (Place::Author, Label::Handle) => written.clone(),
            _ => identifier.canonical.clone(),
        };
        self.note(identifier.label, canonical, written, path, place);
    }

    /// Writes a hidden value down.
    pub(super) fn note(&mut self, label: Label, canonical: String, written: String, path: &str, place: Place) {
        self.planted.push(Planted { label, canonical, written, path: path.to_owned(), place });
    }

    /// A rare word for this page's visible text, if it is one of the pages that carry one.
    pub(super) fn rare_word(&mut self, path: &str, language: &'static Language) -> &'static str {
        let tag = language.tag.split('-').next().unwrap_or(language.tag);
        let seen = self.count.entry(tag).or_default();
        let turn = *seen;
        *seen += 1;
        let Some(word) = language.rare.get(turn / 2 / PAGES_PER_RARE_WORD).filter(|_| turn.is_multiple_of(2)).copied()
        else {
            return "";
        };
        match self.findable.iter_mut().find(|findable| findable.word == word) {
            Some(findable) => drop(findable.paths.insert(path.to_owned())),
            None => self.findable.push(Findable { language: tag, word, paths: BTreeSet::from([path.to_owned()]) }),
        }
        word
    }

    /// Puts a good page on the site; some in the charsets that their languages used before UTF-8.
    pub(super) fn publish(&mut self, path: &str, markup: &Markup) {
        let old: &'static Encoding = match markup.language.tag {
            "ru" => WINDOWS_1251,
            "el" => ISO_8859_7,
            "es" => WINDOWS_1252,
            _ => UTF_8,
        };
        let charset = if self.in_scope.len() % 5 == 4 { old } else { UTF_8 };
        self.publish_in(charset, path, markup);
    }

    /// Puts a good page in one charset on the site.
    pub(super) fn publish_in(&mut self, charset: &'static Encoding, path: &str, markup: &Markup) {
        // Half of those in old charsets say so in the header as well, half in the markup only.
        let named = charset == UTF_8 || self.in_scope.len().is_multiple_of(2);
        let media = if named {
            format!("text/html; charset={}", charset.name().to_ascii_lowercase())
        } else {
            "text/html".to_owned()
        };
        let replaced = self.pages.insert(path.to_owned(), Canned::of_type(&media, markup.render(charset)));
        assert!(replaced.is_none(), "two pages at one path");
        self.in_scope.push(path.to_owned());
    }

    /// Puts an answer on the site that is no good page.
    pub(super) fn set(&mut self, path: &str, canned: Canned) {
        self.pages.insert(path.to_owned(), canned);
    }
}

/// A value as the name that somebody posts under.
fn author_name(identifier: &Identifier) -> String {
    match identifier.label {
        Label::Handle => {
            identifier.canonical.split_once(':').map_or(&*identifier.canonical, |(_, account)| account).to_owned()
        }
        _ => identifier.written[0].clone(),
    }
}
