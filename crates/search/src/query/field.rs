//! The fields that a query may name.

use schema::Fields;
use tantivy::schema::Field;

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    /// No field was named: title and body, or every token of the page.
    Anywhere,
    Title,
    Body,
    Author,
    Token,
    Url,
    Site,
    Board,
    Language,
    Place,
    /// The day that hits show: as posted where the page says so, else as captured.
    Day,
    Posted,
    Captured,
    Price,
    Currency,
    Kind,
    Capture,
    Authorisation,
    Rules,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Words in order.
    Text,
    /// Tokens.
    Tokens,
    /// Exact labels.
    Labels,
    /// Days.
    Days,
    /// Amounts of money.
    Amounts,
}

impl Name {
    pub(crate) const ALL: [Self; 19] = [
        Self::Anywhere,
        Self::Title,
        Self::Body,
        Self::Author,
        Self::Token,
        Self::Url,
        Self::Site,
        Self::Board,
        Self::Language,
        Self::Place,
        Self::Day,
        Self::Posted,
        Self::Captured,
        Self::Price,
        Self::Currency,
        Self::Kind,
        Self::Capture,
        Self::Authorisation,
        Self::Rules,
    ];

    /// The word before the colon; `None` where no field is named.
    pub(crate) const fn as_str(self) -> Option<&'static str> {
        Some(match self {
            Self::Anywhere => return None,
            Self::Title => "title",
            Self::Body => "body",
            Self::Author => "author",
            Self::Token => "token",
            Self::Url => "url",
            Self::Site => "site",
            Self::Board => "board",
            Self::Language => "language",
            Self::Place => "place",
            Self::Day => "day",
            Self::Posted => "posted",
            Self::Captured => "captured",
            Self::Price => "price",
            Self::Currency => "currency",
            Self::Kind => "kind",
            Self::Capture => "capture",
            Self::Authorisation => "authorisation",
            Self::Rules => "rules",
        })
    }

    /// The field of that name, whatever its capitals.
    pub(crate) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str().is_some_and(|known| known.eq_ignore_ascii_case(word)))
    }

    pub(crate) const fn holds(self) -> Holds {
        match self {
            Self::Anywhere | Self::Title | Self::Body => Holds::Text,
            Self::Author | Self::Token | Self::Url => Holds::Tokens,
            Self::Day | Self::Posted | Self::Captured => Holds::Days,
            Self::Price => Holds::Amounts,
            _ => Holds::Labels,
        }
    }

    /// Whether it holds words in order.
    pub(crate) fn is_text(self) -> bool {
        self.holds() == Holds::Text
    }

    /// The fields of the index behind the name.
    pub(crate) fn fields(self, fields: &Fields) -> Vec<Field> {
        match self {
            Self::Anywhere => vec![fields.title, fields.body],
            Self::Title => vec![fields.title],
            Self::Body => vec![fields.body],
            Self::Author => vec![fields.author],
            Self::Token => vec![fields.token],
            Self::Url => vec![fields.url],
            Self::Site => vec![fields.site],
            Self::Board => vec![fields.board],
            Self::Language => vec![fields.language],
            Self::Place => vec![fields.place],
            Self::Day => vec![fields.posted, fields.captured],
            Self::Posted => vec![fields.posted],
            Self::Captured => vec![fields.captured],
            Self::Price => vec![fields.price],
            Self::Currency => vec![fields.currency],
            Self::Kind => vec![fields.kind],
            Self::Capture => vec![fields.capture],
            Self::Authorisation => vec![fields.authorisation],
            Self::Rules => vec![fields.rules],
        }
    }
}
