//! The one form that is ever sent: what a login page shows, and its form filled in.

use std::fmt;

use page::{LoginForm, ParsedPage, Session, Wall};
use zeroize::Zeroizing;

use super::Credentials;

/// The body of a filled-in login form, `application/x-www-form-urlencoded`. Only the frontier makes one, of the credentials
/// of an authorised account; `Debug` prints nothing of it.
pub struct FormBody(Zeroizing<Vec<u8>>);

impl FormBody {
    /// Fills in a form: its own fields as they came, then user name and password.
    pub(crate) fn fill(form: &LoginForm, credentials: &Credentials) -> Self {
        let own = form.fields.iter().map(|(name, value)| (name.as_str(), value.expose().as_str()));
        let ours =
            [(form.user.as_str(), credentials.user.expose()), (form.password.as_str(), credentials.password.expose())];
        let pairs: Vec<(&str, &str)> = own.chain(ours.map(|(name, value)| (name, value.as_str()))).collect();
        // Each byte becomes three at most: the vector never grows, and so leaves no copy behind.
        let most = pairs.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
        let mut body = Zeroizing::new(Vec::with_capacity(most));
        for (name, value) in pairs {
            if !body.is_empty() {
                body.push(b'&');
            }
            encode(name, &mut body);
            body.push(b'=');
            encode(value, &mut body);
        }
        Self(body)
    }

    /// The bytes that are sent.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for FormBody {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FormBody")
    }
}

/// Percent-encodes as the URL standard's `application/x-www-form-urlencoded` serialiser does.
fn encode(text: &str, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b' ' => out.push(b'+'),
            b'*' | b'-' | b'.' | b'_' => out.push(byte),
            _ if byte.is_ascii_alphanumeric() => out.push(byte),
            _ => out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
        }
    }
}

/// What a page shows of logging in, whatever else it says: the rest is dropped here.
pub struct LoginShown {
    pub(crate) form: Option<LoginForm>,
    pub(crate) captcha: bool,
    pub(crate) signed_in: bool,
}

impl LoginShown {
    /// Of a login page, or of the answer to its form.
    #[must_use]
    pub fn of(mut page: ParsedPage) -> Self {
        let form = page.take_login_form();
        let captcha = page.wall() == Some(Wall::Captcha) || form.as_ref().is_some_and(|form| form.captcha);
        Self { captcha, signed_in: page.session() == Session::SignedIn, form }
    }

    /// A form, as tests write it down.
    #[cfg(test)]
    pub(crate) fn form(action: &str, captcha: bool) -> Self {
        use model::Sensitive;

        let form = LoginForm {
            action: Sensitive::new(action.to_owned()),
            user: "username".to_owned(),
            password: "password".to_owned(),
            fields: vec![("token".to_owned(), Sensitive::new("a&b".to_owned()))],
            captcha,
        };
        Self { form: Some(form), captcha, signed_in: false }
    }

    /// No form, as tests write it down.
    #[cfg(test)]
    pub(crate) const fn nothing(signed_in: bool) -> Self {
        Self { form: None, captcha: false, signed_in }
    }
}

impl fmt::Debug for LoginShown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { form, captcha, signed_in } = self;
        write!(out, "LoginShown(form {}, captcha {captcha}, signed in {signed_in})", form.is_some())
    }
}

#[cfg(test)]
mod tests {
    use model::Sensitive;

    use super::*;

    #[test]
    fn a_form_is_filled_in_as_a_browser_does_it() {
        let text = |text: &str| Sensitive::new(text.to_owned());
        let credentials =
            Credentials { host: String::new(), user: text("reader seven"), password: text("p&ss=\u{e9}+%") };
        let shown = LoginShown::form("/in", false);
        let body = FormBody::fill(&shown.form.unwrap(), &credentials);
        assert_eq!(body.bytes(), b"token=a%26b&username=reader+seven&password=p%26ss%3D%C3%A9%2B%25");
        assert_eq!(format!("{body:?}"), "FormBody");
    }
}
