//! The file form of a profile, as `docs/formats/profile.md` describes it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::date::Order;
use crate::{Field, LinkTarget, PageKind, RecordKind};

/// A profile file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) format: u64,
    pub(super) name: String,
    pub(super) revision: u32,
    pub(super) about: String,
    #[serde(default)]
    pub(super) dates: Order,
    #[serde(default)]
    pub(super) never: Vec<String>,
    #[serde(default)]
    pub(super) drop_parameters: Vec<String>,
    pub(super) fingerprint: Vec<Fingerprint>,
    #[serde(default)]
    pub(super) link: Vec<Link>,
    pub(super) page: Vec<Page>,
    pub(super) login: Option<Login>,
}

/// One way to know the kind of site; all of its conditions must hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fingerprint {
    pub(super) generator: Option<String>,
    pub(super) select: Option<String>,
}

/// What a link leads to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    pub(super) to: To,
    pub(super) url: String,
}

/// Targets that a profile may name.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum To {
    Board,
    Thread,
    Ad,
}

impl From<To> for LinkTarget {
    fn from(to: To) -> Self {
        match to {
            To::Board => Self::Board,
            To::Thread => Self::Thread,
            To::Ad => Self::Ad,
        }
    }
}

/// One kind of page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) kind: PageKind,
    pub(super) url: Option<String>,
    pub(super) when: Option<String>,
    pub(super) next: Option<String>,
    #[serde(default)]
    pub(super) fields: BTreeMap<Field, FieldRule>,
    pub(super) record: Option<Record>,
}

/// The things that a page lists.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) kind: RecordKind,
    pub(super) select: String,
    pub(super) id: Option<Reference>,
    pub(super) answers: Option<Reference>,
    #[serde(default)]
    pub(super) fields: BTreeMap<Field, FieldRule>,
}

/// Where the number of a record stands, or of the one that it answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reference {
    pub(super) select: Option<String>,
    pub(super) attribute: String,
    pub(super) pattern: String,
}

/// How the site knows its members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    pub(super) page: String,
    pub(super) signed_in: String,
}

/// Where a field stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldRule {
    pub(super) select: String,
    pub(super) attribute: Option<String>,
    #[serde(default)]
    pub(super) required: bool,
}
