//! Four languages, each a Fluent file; what a person reads is in none of our sources.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    French,
    Spanish,
    Arabic,
}

impl Language {
    pub(crate) const ALL: [Self; 4] = [Self::English, Self::French, Self::Spanish, Self::Arabic];

    /// Its BCP 47 tag.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Arabic => "ar",
        }
    }

    /// Its name in itself.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Arabic => "العربية",
        }
    }

    pub(crate) const fn direction(self) -> &'static str {
        if matches!(self, Self::Arabic) { "rtl" } else { "ltr" }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../locales/en.ftl"),
            Self::French => include_str!("../locales/fr.ftl"),
            Self::Spanish => include_str!("../locales/es.ftl"),
            Self::Arabic => include_str!("../locales/ar.ftl"),
        }
    }

    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The first of a browser's wishes that there is; their order stands for their weight, as browsers write it.
    pub(crate) fn wished(accept_language: &str) -> Self {
        let tags = accept_language.split(',').filter_map(|wish| wish.split([';', '-']).next());
        tags.take(20).find_map(|tag| Self::of_tag(&tag.trim().to_ascii_lowercase())).unwrap_or(Self::English)
    }

    pub(crate) fn words(self) -> &'static Words {
        static ALL: LazyLock<[Words; 4]> = LazyLock::new(|| Language::ALL.map(Words::new));
        &ALL[self as usize]
    }
}

/// The words of one language.
pub(crate) struct Words {
    pub(crate) language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    fn new(language: Language) -> Self {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // A token or the name of a case in a sentence that runs the other way would otherwise be torn apart.
        bundle.set_use_isolating(language.direction() == "rtl");
        // A mistake in a file is found by the tests, which read all of them; what is readable of it is used.
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(language.source().to_owned());
        let _ = bundle.add_resource(resource);
        Self { language, bundle }
    }

    /// A sentence.
    pub(crate) fn t(&self, key: &str) -> String {
        self.say(key, None)
    }

    /// A sentence with one value in it.
    pub(crate) fn t1(&self, key: &str, name: &'static str, value: impl fmt::Display) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value_of(&value.to_string()));
        self.say(key, Some(&args))
    }

    /// A sentence with two values in it.
    pub(crate) fn t2(
        &self,
        key: &str,
        one: &'static str,
        first: impl fmt::Display,
        other: &'static str,
        second: impl fmt::Display,
    ) -> String {
        let mut args = FluentArgs::new();
        args.set(one, value_of(&first.to_string()));
        args.set(other, value_of(&second.to_string()));
        self.say(key, Some(&args))
    }

    /// What went wrong.
    pub(crate) fn problem(&self, key: &str) -> String {
        self.t(&format!("problem-{key}"))
    }

    /// What to do about it.
    pub(crate) fn problem_do(&self, key: &str) -> String {
        self.t(&format!("problem-{key}-do"))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The translation of a word of the records (`waiting`, `sealed`), or the word itself.
    pub(crate) fn word(&self, kind: &str, word: &str) -> String {
        let key = format!("{kind}-{}", word.replace(' ', "-"));
        if self.has(&key) { self.t(&key) } else { word.to_owned() }
    }

    fn say(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        let Some(pattern) = pattern else {
            return if self.language == Language::English {
                key.to_owned()
            } else {
                Language::English.words().say(key, args)
            };
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

/// A number that Fluent can choose a plural by, or a text.
fn value_of(text: &str) -> FluentValue<'static> {
    text.parse::<i64>().map_or_else(|_| FluentValue::from(text.to_owned()), FluentValue::from)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(language: Language) -> BTreeSet<String> {
        let lines = language.source().lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        lines.filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
    }

    #[test]
    fn every_language_has_every_sentence_and_no_other() {
        let english = keys(Language::English);
        assert!(english.len() > 100);
        for language in Language::ALL {
            assert!(FluentResource::try_new(language.source().to_owned()).is_ok(), "{language:?} cannot be read");
            let keys = keys(language);
            let missing: Vec<_> = english.difference(&keys).collect();
            let strange: Vec<_> = keys.difference(&english).collect();
            assert!(missing.is_empty() && strange.is_empty(), "{language:?} lacks {missing:?} and has {strange:?}");
        }
    }

    #[test]
    fn every_sentence_takes_the_same_values_in_every_language() {
        let values = |language: Language, key: &str| -> BTreeSet<String> {
            let source = format!("\n{}", language.source());
            let start = source.find(&format!("\n{key} =")).unwrap() + 1;
            let end = source[start..].find("\n\n").map_or(source.len(), |end| start + end);
            let message: Vec<_> = source[start..end].lines().collect();
            let own = message.iter().skip(1).take_while(|line| line.starts_with(' ')).chain(message.first());
            own.flat_map(|line| line.split('$').skip(1))
                .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
                .collect()
        };
        for key in keys(Language::English) {
            for language in Language::ALL {
                assert_eq!(values(language, &key), values(Language::English, &key), "{key} in {language:?}");
            }
        }
    }

    #[test]
    fn every_sentence_that_templates_and_pages_use_exists() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut missing = BTreeSet::new();
        for folder in ["templates", "src", "src/pages"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                // Whitespace is formatting's business.
                let text: String = text.split_whitespace().collect();
                let calls = [".t(\"", ".t1(\"", ".t2(\"", "Frame::new(&ask,\"", "Frame::new(ask,\"", ".menu(\""];
                let problems = ["Problem::bad(\"", "Problem::new(StatusCode::"];
                for call in calls.into_iter().chain(problems) {
                    for piece in text.split(call).skip(1) {
                        let piece = if call.ends_with("::") { piece.split(",\"").nth(1) } else { Some(piece) };
                        let key = piece.and_then(|piece| piece.split('"').next()).unwrap_or_default();
                        let is_key =
                            !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || "-0123456789".contains(c));
                        let needed = match call.starts_with("Problem") {
                            true => vec![format!("problem-{key}"), format!("problem-{key}-do")],
                            false => vec![key.to_owned()],
                        };
                        let lacking = needed.into_iter().filter(|key| is_key && !Language::English.words().has(key));
                        missing.extend(lacking.map(|key| format!("{key} ({})", path.display())));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn the_browser_s_wish_is_met_where_it_can_be() {
        assert_eq!(Language::wished("fr-CA,fr;q=0.9,en;q=0.8"), Language::French);
        assert_eq!(Language::wished("de-DE, ar;q=0.5"), Language::Arabic);
        assert_eq!(Language::wished(""), Language::English);
        assert_eq!(Language::wished("*"), Language::English);
    }

    #[test]
    fn counts_follow_the_rules_of_the_language() {
        let say = |language: Language, count: u64| language.words().t1("search-count", "count", count);
        assert_eq!(say(Language::English, 1), "1 capture fits");
        assert_eq!(say(Language::English, 12), "12 captures fit");
        assert_ne!(say(Language::Arabic, 2), say(Language::Arabic, 11).replace("11", "2"));
    }
}
