//! A redacted page that exists cannot be changed from outside: its fields are its own.

fn raise(mut page: redactor::RedactedPage) -> redactor::RedactedPage {
    page.body = "raw text".to_owned();
    page
}

fn main() {}
