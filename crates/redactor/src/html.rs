//! One page of HTML without a crawl around it: parsed like any other, and through the same door.

use model::{AuthorisationId, CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, Profiles};

use crate::{Error, RedactedPage, Redactor};

/// What stands where a crawled page has its own site, case and address.
const SITE: &str = "input";
const CASE: &str = "input";
const ADDRESS: &str = "http://input.invalid/";

impl Redactor {
    /// Redacts a page of HTML of which nothing else is known, as `lanthorn redact --html` does.
    ///
    /// # Errors
    /// Never in practice: only if the fixed values above were no values of their types.
    pub fn redact_html(&self, html: Vec<u8>) -> Result<RedactedPage, Error> {
        let unknown = |_| Error::Stream { act: "read", source: std::io::ErrorKind::InvalidData.into() };
        let case = CASE.parse().map_err(unknown)?;
        let (capture, authorisation) = (CaptureId::from_bytes([0; 16]), AuthorisationId::from_bytes([0; 16]));
        let mut record = CaptureRecord::begun(capture, authorisation, case, SITE, ADDRESS, Timestamp::from_millis(0));
        record.status = 200;
        record.body = html.into();
        Ok(self.redact(page::parse(FetchedPage::new(record), &Profiles::builtin())))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Redactor, TokenKey};

    #[test]
    fn tags_go_and_identifiers_become_tokens() {
        let redactor = Redactor::new(TokenKey::from_bytes([7; 32]));
        let html = b"<title>hi</title><p>call <b>+44 7700</b><i> 900123</i></p><img alt='jade@mail.example'>".to_vec();
        let page = redactor.redact_html(html).expect("a page");
        assert!(page.body().starts_with("call [PHONE:"), "{}", page.body());
        assert!(
            page.tokens().iter().any(|token| token.label() == model::Label::Email),
            "the picture's text leaves its token"
        );
    }
}
