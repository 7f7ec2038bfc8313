//! Every bound of the crate.

/// Bytes of an authorisation's file, signatures included.
pub const MAX_DOCUMENT_BYTES: usize = 256 << 10;

/// Characters of one text field.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// Offence codes of one authorisation.
pub const MAX_OFFENCE_CODES: usize = 64;

/// Targets of one authorisation.
pub const MAX_TARGETS: usize = 1_000;

/// Ports of one target.
pub const MAX_PORTS: usize = 16;

/// Path prefixes of one target.
pub const MAX_PREFIXES: usize = 64;

/// Supervisors that one authorisation names, and signatures under it.
pub const MAX_SUPERVISORS: usize = 16;

/// Supervisors whose signatures are asked for even if a configuration asks for fewer.
pub const MIN_SUPERVISORS: usize = 2;

/// Days between the first and the last moment of validity, and of collecting.
pub const MAX_DAYS: u32 = 90;

/// Days of collecting when the document does not say.
pub const DEFAULT_DAYS: u32 = 30;

/// Days that collected pages may be kept.
pub const MAX_RETENTION_DAYS: u32 = 3_650;

/// Pages that one authorisation may ask for.
pub const MAX_PAGES: u64 = 10_000_000;

/// Bytes that one authorisation may collect: one tebibyte.
pub const MAX_BYTES: u64 = 1 << 40;

/// Requests per minute over all hosts of one authorisation.
pub const MAX_REQUESTS_PER_MINUTE: u32 = 600_000;

/// Links from a seed to the furthest page.
pub const MAX_DEPTH: u32 = 1_000;

/// Milliseconds between two requests to a host that is not the authorising body's own.
pub const POLITE_DELAY_MILLIS: u64 = 3_000;

/// Milliseconds that a document may ask for at most between two requests.
pub const MAX_DELAY_MILLIS: u64 = 3_600_000;

/// Bytes of a URL that may be asked for. Longer ones come from traps.
pub const MAX_URL_BYTES: usize = 8 << 10;

/// Rounds of percent-decoding after which a path that still changes is refused.
pub const MAX_DECODINGS: usize = 8;
