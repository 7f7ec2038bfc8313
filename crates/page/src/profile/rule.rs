//! A profile, checked and compiled.

use std::collections::BTreeMap;
use std::fmt;

use regex::{Regex, RegexSet};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::file::{self, File};
use crate::date::Order;
use crate::limits::MAX_PROFILE_BYTES;
use crate::{Error, Field, LinkTarget, PageKind, RecordKind};

/// The version of the file form.
const FORMAT: u64 = 1;

/// What the pages of one kind of site look like.
pub(crate) struct Profile {
    name: String,
    revision: u32,
    about: String,
    pub(crate) dates: Order,
    fingerprints: Vec<Fingerprint>,
    never: RegexSet,
    drop_parameters: Vec<String>,
    links: Vec<(LinkTarget, Regex)>,
    pages: Vec<PageRule>,
    pub(crate) login: Option<LoginRule>,
}

/// How the site knows its members.
pub(crate) struct LoginRule {
    /// Path and query of the page with the form, from the root of the forum.
    pub(crate) page: String,
    /// What only somebody who is signed in sees.
    pub(crate) signed_in: Selector,
}

struct Fingerprint {
    generator: Option<String>,
    select: Option<Selector>,
}

/// What one kind of page looks like.
pub(crate) struct PageRule {
    pub(crate) kind: PageKind,
    url: Option<Regex>,
    when: Option<Selector>,
    pub(crate) next: Option<Selector>,
    /// Fields of the page itself.
    pub(crate) fields: Vec<FieldRule>,
    pub(crate) record: Option<RecordRule>,
}

/// What the things that a page lists look like.
pub(crate) struct RecordRule {
    pub(crate) kind: RecordKind,
    pub(crate) select: Selector,
    pub(crate) id: Option<Reference>,
    pub(crate) answers: Option<Reference>,
    pub(crate) fields: Vec<FieldRule>,
}

/// Where the number of a record stands, or of the one that it answers.
pub(crate) struct Reference {
    /// The record itself, if absent.
    pub(crate) select: Option<Selector>,
    pub(crate) attribute: String,
    /// Its first group is the number.
    pub(crate) pattern: Regex,
}

/// Where a field stands.
pub(crate) struct FieldRule {
    pub(crate) field: Field,
    pub(crate) select: Selector,
    pub(crate) attribute: Option<String>,
    pub(crate) required: bool,
}

impl Profile {
    /// Reads and checks a profile file.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let wrong = |place: &str, reason: &str| Error::Profile {
            name: file.to_owned(),
            place: place.to_owned(),
            reason: reason.to_owned(),
        };
        if text.len() > MAX_PROFILE_BYTES {
            return Err(wrong("file", &format!("it is longer than {MAX_PROFILE_BYTES} bytes")));
        }
        let raw: File = toml::from_str(text).map_err(|error| Error::ProfileSyntax {
            name: file.to_owned(),
            reason: error.to_string().trim_end().to_owned(),
        })?;
        let check = Check { file };
        if raw.format != FORMAT {
            return Err(wrong("format", &format!("it is {}, and this program reads {FORMAT}", raw.format)));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=40).contains(&raw.name.len()) || !raw.name.chars().all(plain) {
            return Err(wrong("name", "expected 1 to 40 of a-z, 0-9 and '-'"));
        }
        if raw.revision == 0 {
            return Err(wrong("revision", "expected a number from 1; raise it with every change"));
        }
        if raw.fingerprint.is_empty() {
            return Err(wrong("fingerprint", "at least one is needed, or the profile would fit every site"));
        }
        if raw.page.is_empty() {
            return Err(wrong("page", "at least one is needed"));
        }
        let never = raw.never.iter().enumerate();
        for (at, pattern) in never {
            check.regex(&format!("never[{at}]"), pattern)?;
        }
        Ok(Self {
            never: RegexSet::new(&raw.never).map_err(|error| wrong("never", &error.to_string()))?,
            fingerprints: check.each("fingerprint", raw.fingerprint, Check::fingerprint)?,
            links: check.each("link", raw.link, |check, place, link: file::Link| {
                Ok((link.to.into(), check.regex(&format!("{place}.url"), &link.url)?))
            })?,
            pages: check.each("page", raw.page, Check::page)?,
            login: raw.login.map(|login| check.login(login)).transpose()?,
            name: raw.name,
            revision: raw.revision,
            about: raw.about,
            dates: raw.dates,
            drop_parameters: raw.drop_parameters,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) const fn revision(&self) -> u32 {
        self.revision
    }

    pub(crate) fn about(&self) -> &str {
        &self.about
    }

    pub(super) fn fits(&self, document: &Html, generator: Option<&str>) -> bool {
        self.fingerprints.iter().any(|print| {
            let named = print
                .generator
                .as_ref()
                .is_none_or(|word| generator.is_some_and(|generator| generator.to_lowercase().contains(word)));
            named && print.select.as_ref().is_none_or(|selector| matches_any(document, selector))
        })
    }

    /// The first kind of page that fits.
    pub(crate) fn page(&self, document: &Html, path_and_query: &str) -> Option<&PageRule> {
        self.pages.iter().find(|page| {
            page.url.as_ref().is_none_or(|url| url.is_match(path_and_query))
                && page.when.as_ref().is_none_or(|selector| matches_any(document, selector))
        })
    }

    /// What a link of the same host leads to.
    pub(crate) fn target(&self, path_and_query: &str, next: bool) -> LinkTarget {
        if self.never.is_match(path_and_query) {
            LinkTarget::Never
        } else if next {
            LinkTarget::NextPage
        } else {
            let found = self.links.iter().find(|(_, url)| url.is_match(path_and_query));
            found.map_or(LinkTarget::Page, |(target, _)| *target)
        }
    }

    /// Takes out of a link what names our session and never changes the page.
    pub(crate) fn drop_parameters(&self, url: &mut Url) {
        let Some(query) = url.query() else { return };
        let named = |pair: &&str| self.drop_parameters.iter().any(|name| pair.split('=').next() == Some(name.as_str()));
        if !query.split('&').any(|pair| named(&pair)) {
            return;
        }
        let kept: Vec<_> = query.split('&').filter(|pair| !named(pair)).collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(kept.as_str()));
    }
}

/// Prints the name alone; selectors are long and compiled.
impl fmt::Debug for Profile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Profile({} {})", self.name, self.revision)
    }
}

/// All elements that a selector matches, the root element too, in the order of the document.
pub(crate) fn select<'a>(document: &'a Html, selector: &'a Selector) -> impl Iterator<Item = ElementRef<'a>> {
    let root = document.tree.root().children().find_map(ElementRef::wrap);
    let itself = root.filter(|root| selector.matches(root));
    itself.into_iter().chain(root.into_iter().flat_map(|root| root.select(selector)))
}

fn matches_any(document: &Html, selector: &Selector) -> bool {
    select(document, selector).next().is_some()
}

/// Checks parts of a profile and says where one is wrong.
struct Check<'a> {
    file: &'a str,
}

impl Check<'_> {
    fn wrong(&self, place: &str, reason: impl fmt::Display) -> Error {
        Error::Profile { name: self.file.to_owned(), place: place.to_owned(), reason: reason.to_string() }
    }

    fn each<T, U>(
        &self,
        key: &str,
        list: Vec<T>,
        each: impl Fn(&Self, &str, T) -> Result<U, Error>,
    ) -> Result<Vec<U>, Error> {
        list.into_iter().enumerate().map(|(at, item)| each(self, &format!("{key}[{at}]"), item)).collect()
    }

    fn selector(&self, place: &str, text: &str) -> Result<Selector, Error> {
        Selector::parse(text)
            .map_err(|_| self.wrong(place, format_args!("{text:?} is not a CSS selector that is supported")))
    }

    fn regex(&self, place: &str, text: &str) -> Result<Regex, Error> {
        let long = |error: regex::Error| error.to_string().lines().last().unwrap_or_default().to_owned();
        Regex::new(text)
            .map_err(|error| self.wrong(place, format_args!("{text:?} is not a regular expression: {}", long(error))))
    }

    fn fingerprint(&self, place: &str, raw: file::Fingerprint) -> Result<Fingerprint, Error> {
        if raw.generator.is_none() && raw.select.is_none() {
            return Err(self.wrong(place, "expected generator, select or both"));
        }
        Ok(Fingerprint {
            generator: raw.generator.map(|word| word.to_lowercase()),
            select: raw.select.map(|text| self.selector(&format!("{place}.select"), &text)).transpose()?,
        })
    }

    fn page(&self, place: &str, raw: file::Page) -> Result<PageRule, Error> {
        if raw.url.is_none() && raw.when.is_none() {
            return Err(self.wrong(place, "expected url, when or both, or the rule would fit every page"));
        }
        let selector = |key: &str, text: Option<String>| {
            text.map(|text| self.selector(&format!("{place}.{key}"), &text)).transpose()
        };
        Ok(PageRule {
            kind: raw.kind,
            url: raw.url.map(|text| self.regex(&format!("{place}.url"), &text)).transpose()?,
            when: selector("when", raw.when)?,
            next: selector("next", raw.next)?,
            fields: self.fields(place, raw.fields)?,
            record: raw.record.map(|record| self.record(&format!("{place}.record"), record)).transpose()?,
        })
    }

    fn record(&self, place: &str, raw: file::Record) -> Result<RecordRule, Error> {
        Ok(RecordRule {
            kind: raw.kind,
            select: self.selector(&format!("{place}.select"), &raw.select)?,
            id: raw.id.map(|raw| self.reference(&format!("{place}.id"), raw)).transpose()?,
            answers: raw.answers.map(|raw| self.reference(&format!("{place}.answers"), raw)).transpose()?,
            fields: self.fields(place, raw.fields)?,
        })
    }

    fn reference(&self, place: &str, raw: file::Reference) -> Result<Reference, Error> {
        let pattern = self.regex(&format!("{place}.pattern"), &raw.pattern)?;
        if pattern.captures_len() != 2 {
            return Err(self.wrong(place, "pattern needs one group, and it is the number"));
        }
        let select = raw.select.map(|text| self.selector(&format!("{place}.select"), &text)).transpose()?;
        Ok(Reference { select, attribute: raw.attribute, pattern })
    }

    fn login(&self, raw: file::Login) -> Result<LoginRule, Error> {
        if !raw.page.starts_with('/') || raw.page.starts_with("//") || raw.page.contains(['\\', '#']) {
            return Err(self.wrong("login.page", "expected path and query of this host, such as /ucp.php?mode=login"));
        }
        Ok(LoginRule { page: raw.page, signed_in: self.selector("login.signed_in", &raw.signed_in)? })
    }

    fn fields(&self, place: &str, raw: BTreeMap<Field, file::FieldRule>) -> Result<Vec<FieldRule>, Error> {
        let rule = |(field, raw): (Field, file::FieldRule)| {
            let select = self.selector(&format!("{place}.fields.{}.select", field.as_str()), &raw.select)?;
            Ok(FieldRule { field, select, attribute: raw.attribute, required: raw.required })
        };
        raw.into_iter().map(rule).collect()
    }
}
