//! Nobody but the redactor makes a redacted page.

fn main() {
    let _page = redactor::RedactedPage::new("harbour, call [PHONE:k7f3a9q2m4xtc]");
}
