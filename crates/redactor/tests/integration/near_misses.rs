//! What looks like an identifier and is none, or is none of that kind: a broken checksum never gets the label, and what
//! nothing explains is hidden all the same.

use model::Label;

use crate::tools::{hidden, onion};

#[track_caller]
fn stays(text: &str) {
    assert_eq!(hidden(text, "en"), [], "{text}");
}

/// No three digits of `value` in a row are left, and none of it has the name that its checksum would have to bear out.
#[track_caller]
fn hidden_but_not_as(label: Label, value: &str) {
    let text = format!("pay {value} please");
    let found = hidden(&text, "en");
    assert!(found.iter().all(|(named, _)| *named != label), "{value}: {found:?}");
    let left = found.iter().fold(text, |text, (_, written)| text.replacen(written, "|", 1));
    let run = left.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    assert!(!found.is_empty() && run < Some(3), "{value}: {left}");
}

#[test]
fn one_wrong_character_and_a_crypto_address_is_none() {
    for value in [
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        // A taproot address with the checksum of BIP-173, which BIP-350 forbids.
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3B",
    ] {
        hidden_but_not_as(Label::Crypto, value);
    }
}

#[test]
fn a_bank_account_with_a_wrong_check_is_none() {
    for value in ["GB82 WEST 1234 5698 7654 33", "DE89370400440532013001", "NO93 8601 1117 948"] {
        hidden_but_not_as(Label::Iban, value);
    }
}

#[test]
fn a_card_with_a_wrong_last_digit_is_none() {
    for value in ["4242 4242 4242 4241", "5555555555554445", "3782 822463 10006", "9999 9999 9999 9995"] {
        hidden_but_not_as(Label::Card, value);
    }
}

#[test]
fn an_address_of_no_machine() {
    hidden_but_not_as(Label::Ip, "192.0.2.444");
    for text in ["at 12:30:45", "std::vec::Vec", "version 10.0.19045.3570", "chapter 1.2.3.4.5"] {
        assert!(hidden(text, "en").iter().all(|(label, _)| *label != Label::Ip), "{text}");
    }
}

#[test]
fn an_onion_name_with_a_wrong_checksum_is_no_bare_address() {
    let mut name = onion(0x4c);
    let last = name.pop();
    name.push(if last == Some('a') { 'b' } else { 'a' });
    assert!(hidden(&name, "").iter().all(|(label, _)| *label != Label::Onion));
    // Behind its suffix it is hidden nevertheless: a mistyped address still leads somewhere.
    assert_eq!(hidden(&format!("{name}.onion"), ""), [(Label::Onion, format!("{name}.onion"))]);
}

#[test]
fn positions_that_are_none() {
    for text in ["ratio 1.5, 2.5", "91.50735, 10.12776", "51.50735, 181.12776"] {
        assert!(hidden(text, "en").iter().all(|(label, _)| *label != Label::Coordinate), "{text}");
    }
}

#[test]
fn what_prices_dates_times_and_measures_explain_stays() {
    for text in [
        "the price is $1,200 today",
        "1.200.000 руб",
        "posted 2026-11-24 at 14:30",
        "24/11/2026, 10:00-22:00",
        "open 24/7",
        "since 1998, 1998-2016",
        "ISBN 978-3-16-148410-0",
        "170 cm, 55 kg, 36-24-36",
        "24 years old, 3 rooms",
    ] {
        stays(text);
    }
}

#[test]
fn words_beside_signs_are_no_accounts() {
    for text in [
        "meet me at home",
        "look at the sea",
        "telegram or whatsapp",
        "follow us on instagram.",
        "e.g. this, i.e. that",
    ] {
        stays(text);
    }
}

#[test]
fn seven_digits_that_nothing_explains_are_hidden_under_their_own_name() {
    for value in ["1234567", "7654 321", "12-34-56-78"] {
        let found = hidden(&format!("x {value} y"), "");
        assert_eq!(found, [(Label::Digits, value.to_owned())]);
    }
}
