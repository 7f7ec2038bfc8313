//! Profiles: what the pages of one kind of site look like. Files of ours, so a mistake in one is an error with its place.

mod file;
mod propose;
mod rule;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use scraper::Html;

use crate::Error;
use crate::limits::{MAX_PROFILE_BYTES, MAX_PROFILES};

pub use propose::propose;
pub(crate) use rule::{FieldRule, PageRule, Profile, RecordRule, Reference, select};

/// The profiles that are part of the program.
const BUILT_IN: [(&str, &str); 10] = [
    ("phpbb.toml", include_str!("../../../../config/profiles/phpbb.toml")),
    ("smf.toml", include_str!("../../../../config/profiles/smf.toml")),
    ("mybb.toml", include_str!("../../../../config/profiles/mybb.toml")),
    ("vbulletin.toml", include_str!("../../../../config/profiles/vbulletin.toml")),
    ("xenforo.toml", include_str!("../../../../config/profiles/xenforo.toml")),
    ("discourse.toml", include_str!("../../../../config/profiles/discourse.toml")),
    ("flarum.toml", include_str!("../../../../config/profiles/flarum.toml")),
    ("invision.toml", include_str!("../../../../config/profiles/invision.toml")),
    ("ads-osclass.toml", include_str!("../../../../config/profiles/ads-osclass.toml")),
    ("ads-generic.toml", include_str!("../../../../config/profiles/ads-generic.toml")),
];

/// Links that are never followed, whatever the site is: they end our session, change something, or lead to an image, a
/// film, a sound or an archive, of which nothing would be read.
static NEVER_ANYWHERE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:^|[^a-z])(?:log|sign)[-_]?(?:in|out|off|on)(?:[^a-z]|$)",
        r"|(?:^|[^a-z])(?:posting|newreply|newthread|register|unsubscribe)\.(?:php|aspx?|cgi|pl)(?:[^a-z]|$)",
        r"|[?&;](?:action|do|mode)=(?:delete|report|unsubscribe|subscribe|post|reply|quote|edit|vote|bookmark|register)(?:[^a-z]|$)",
        r"|^[^?]*\.(?:jpe?g|png|gif|webp|avif|svgz?|bmp|ico|tiff?|heic|mp4|m4v|webm|mov|avi|mkv|mp3|m4a|ogg|opus|wav|flac|zip|rar|7z|t?gz|tar|bz2|xz)(?:$|\?)",
    ))
        .expect("a constant, compiled by a test")
});

/// A file of the profile folder that was not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Its name, without the folder.
    pub file: String,
    /// Why.
    pub why: String,
}

/// A set of extraction profiles, checked and compiled.
#[derive(Debug, Default)]
pub struct Profiles(Vec<Profile>);

impl Profiles {
    /// The profiles that are part of the program.
    #[must_use]
    pub fn builtin() -> Self {
        let read = |(name, text): &(&str, &str)| Profile::parse(name, text).expect("built-in profiles pass their test");
        Self(BUILT_IN.iter().map(read).collect())
    }

    /// The profiles in the `.toml` files of a folder that `open` lets in, and the built-in ones that they do not replace by
    /// name. `open` is given a file's text and returns the profile's own, or why it does not count: that nobody has signed
    /// it. What is not let in, or is no good profile, is told beside and not loaded.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be read.
    pub fn load(folder: &Path, open: impl Fn(&str) -> Result<String, String>) -> Result<(Self, Vec<Rejected>), Error> {
        let failed = |name: &str, source| Error::ProfileFile { name: name.to_owned(), source };
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(|source| failed("folder", source))? {
            let name = entry.map_err(|source| failed("folder", source))?.file_name();
            names.extend(name.into_string().ok().filter(|name| name.ends_with(".toml")));
        }
        names.sort();
        let (mut profiles, mut rejected) = (Self::default(), Vec::new());
        for name in names {
            let mut text = String::new();
            let limit = MAX_PROFILE_BYTES as u64 + 1;
            let file = fs::File::open(folder.join(&name)).map_err(|source| failed(&name, source))?;
            file.take(limit).read_to_string(&mut text).map_err(|source| failed(&name, source))?;
            let opened = open(&text);
            let added = opened.and_then(|body| {
                let parsed = Profile::parse(&name, &body).and_then(|profile| profiles.add(&name, profile));
                parsed.map_err(|error| error.to_string())
            });
            rejected.extend(added.err().map(|why| Rejected { file: name, why }));
        }
        for profile in Self::builtin().0 {
            if !profiles.0.iter().any(|known| known.name() == profile.name()) {
                profiles.0.push(profile);
            }
        }
        Ok((profiles, rejected))
    }

    /// Reads one profile, as `lanthorn profile check` does; its name and its revision.
    ///
    /// # Errors
    /// If it says something it may not; the error names the place in it.
    pub fn check(name: &str, text: &str) -> Result<(String, u32), Error> {
        Profile::parse(name, text).map(|profile| (profile.name().to_owned(), profile.revision()))
    }

    /// Name, revision and description of each profile, in the order in which they are tried.
    pub fn list(&self) -> impl Iterator<Item = (&str, u32, &str)> {
        self.0.iter().map(|profile| (profile.name(), profile.revision(), profile.about()))
    }

    /// Path and query of the page for signing in, from the root of the site, as the profile of that name says.
    #[must_use]
    pub fn login_page(&self, profile: &str) -> Option<&str> {
        let profile = self.0.iter().find(|known| known.name() == profile)?;
        profile.login.as_ref().map(|login| login.page.as_str())
    }

    fn add(&mut self, file: &str, profile: Profile) -> Result<(), Error> {
        let wrong = |reason: String| Error::Profile { name: file.to_owned(), place: "name".to_owned(), reason };
        if self.0.iter().any(|known| known.name() == profile.name()) {
            return Err(wrong(format!("another file of the folder already holds the profile {}", profile.name())));
        }
        if self.0.len() == MAX_PROFILES {
            return Err(wrong(format!("the folder holds more than {MAX_PROFILES} profiles")));
        }
        self.0.push(profile);
        Ok(())
    }

    /// The first profile whose fingerprint a document shows.
    pub(crate) fn detect(&self, document: &Html, generator: Option<&str>) -> Option<&Profile> {
        self.0.iter().find(|profile| profile.fits(document, generator))
    }
}

/// Whether a link (path and query) must never be followed, whatever the site is.
pub(crate) fn is_never_anywhere(path_and_query: &str) -> bool {
    NEVER_ANYWHERE.is_match(path_and_query)
}
