//! Pieces of text, each with where it stood.

use std::fmt;

use model::Sensitive;

/// Where on a page a text stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Provenance {
    /// A reader sees it.
    Visible,
    /// It is in the markup, and a reader does not see it.
    Hidden,
    /// The document's title, or a `title` attribute.
    Title,
    /// What stands in for an image.
    Alt,
    /// A `meta` element.
    Meta,
    /// A comment in the markup.
    Comment,
    /// A string value of a JSON-LD block.
    JsonLd,
    /// An attribute that carries text: `aria-label`, `placeholder`, `value`, `data-*` and the like.
    Attribute,
    /// A URL, percent-decoded: the page's own, or that of a link, an image, a form.
    Url,
    /// The last part of a URL's path, where it looks like the name of a file.
    FileName,
    /// Who wrote a post or an advertisement.
    Author,
    /// A response header.
    Header,
}

impl Provenance {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Visible,
        Self::Hidden,
        Self::Title,
        Self::Alt,
        Self::Meta,
        Self::Comment,
        Self::JsonLd,
        Self::Attribute,
        Self::Url,
        Self::FileName,
        Self::Author,
        Self::Header,
    ];

    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Hidden => "hidden",
            Self::Title => "title",
            Self::Alt => "alt",
            Self::Meta => "meta",
            Self::Comment => "comment",
            Self::JsonLd => "json-ld",
            Self::Attribute => "attribute",
            Self::Url => "url",
            Self::FileName => "file-name",
            Self::Author => "author",
            Self::Header => "header",
        }
    }
}

/// The part of a record that a text is, where a profile or the document says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Field {
    /// The heading of a thread or an advertisement, or the document's title.
    Title,
    /// The text itself.
    Body,
    /// Who wrote it.
    Author,
    /// What is asked for it.
    Price,
    /// Where it is offered.
    Place,
    /// When it was posted.
    Posted,
    /// How to reach the one who posted it.
    Contact,
    /// Words of another post, repeated.
    Quote,
    /// The board or section it stands in.
    Board,
}

impl Field {
    /// The word in profiles.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
            Self::Author => "author",
            Self::Price => "price",
            Self::Place => "place",
            Self::Posted => "posted",
            Self::Contact => "contact",
            Self::Quote => "quote",
            Self::Board => "board",
        }
    }
}

/// One run of text: inline markup is joined (`07<b>700</b>` is `07700`), borders of blocks end it.
pub struct Segment {
    /// Where it stood.
    pub provenance: Provenance,
    /// The text, white space collapsed, never empty.
    pub text: Sensitive<String>,
    /// What it is, if known.
    pub field: Option<Field>,
    /// Which of [`ParsedPage::records`](crate::ParsedPage::records) it belongs to.
    pub record: Option<usize>,
}

/// Prints a count, never the text.
impl fmt::Debug for Segment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Segment({}, {} bytes", self.provenance.as_str(), self.text.expose().len())?;
        if let Some(field) = self.field {
            write!(out, ", {}", field.as_str())?;
        }
        out.write_str(")")
    }
}
