//! Identifiers inside identifiers: one stretch, the strongest name, and everything covered.

use model::Label;
use redactor::Span;

use crate::tools::{hidden, onion, redact};

#[test]
fn a_number_in_a_link_names_the_stretch_that_the_link_covers() {
    let text = "see https://shop.example/call/+12025550143/x now";
    assert_eq!(hidden(text, ""), [(Label::Phone, "https://shop.example/call/+12025550143/x".to_owned())]);
}

#[test]
fn an_address_with_a_user_in_it_is_one_stretch() {
    let found = hidden("ftp://jade@files.example/a", "");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1, "ftp://jade@files.example/a");
}

#[test]
fn an_onion_link_is_an_onion_with_its_path() {
    let link = format!("http://{}.onion/profile/7", onion(9));
    assert_eq!(hidden(&link, ""), [(Label::Onion, link.clone())]);
}

#[test]
fn an_iban_is_more_than_the_digits_in_it() {
    let found = hidden("call GB82 WEST 1234 5698 7654 32", "en");
    assert_eq!(found, [(Label::Iban, "GB82 WEST 1234 5698 7654 32".to_owned())]);
}

#[test]
fn a_card_after_a_phone_word_is_still_a_card() {
    let found = hidden("call 4242 4242 4242 4242", "en");
    assert_eq!(found, [(Label::Card, "4242 4242 4242 4242".to_owned())]);
}

#[test]
fn neighbours_stay_apart() {
    let found = hidden("jade@mail.example +44 7700 900123 telegram: jade_x", "");
    let labels: Vec<_> = found.iter().map(|(label, _)| *label).collect();
    assert_eq!(labels, [Label::Email, Label::Phone, Label::Handle], "{found:?}");
}

#[test]
fn a_name_known_by_its_platform_is_hidden_where_it_stands_alone() {
    let redacted = redact("telegram: jade_xx\nask for jade_xx");
    let tokens: Vec<_> = redacted.spans.iter().map(|span| span.token).collect();
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[0], tokens[1]);
    assert!(!redacted.redacted.contains("jade"));
}

#[test]
fn a_token_that_the_text_wrote_itself_is_no_token() {
    let redacted = redact("link [PHONE:k7f3a9q2m4xtc] to me");
    assert!(matches!(redacted.spans[..], [Span { label: Label::OtherId, start: 5, end: 26, .. }]));
    assert!(!redacted.redacted.contains("k7f3a9q2m4xtc"));
}

#[test]
fn spans_are_counted_in_code_points_and_cover_what_nobody_sees() {
    let text = "зв. 📞 +44 7\u{200b}700 900123\u{fe0f} да";
    let redacted = redact(text);
    let [span] = redacted.spans[..] else { panic!("{:?}", redacted.spans) };
    let points: Vec<char> = text.chars().collect();
    let written: String = points[span.start..span.end].iter().collect();
    assert_eq!(written, "+44 7\u{200b}700 900123\u{fe0f}");
    assert_eq!(redacted.redacted, format!("зв. 📞 {} да", span.token));
}
