//! Kinds that words announce or that a form and a check show: what is hidden under which label, and what is not.
//!
//! Numbers are made up by the issuers' published rules, or are the issuers' own examples.

use model::Label;

use crate::tools::{hidden, hides};

#[test]
fn identity_numbers_beside_words() {
    for marked in [
        "passport no. «L01X00T44» lost",
        "my national id is «20-05536168-2», call",
        "Personalausweis: «L01X00T44»",
        "DNI «54362315-K»",
        "паспорт «45 08 123456»",
        "ИНН «123456789047»",
        "身份证 «11010519491231002X»",
        "रात आधार «2341 2341 2346»",
        "رقم الهوية «1012345678»",
        "«54362315-K» is my DNI",
        "tax id: «12-3456789»",
        "SSN «219-09-9999»",
        "nr dowodu «ABS 123456»",
    ] {
        hides(Label::NationalId, "", marked);
    }
}

#[test]
fn identity_numbers_by_their_form_alone() {
    for marked in [
        "it is «12345678Z» ok",
        "NIE-like «X1234567L» here",
        "«RSSMRA85T10A562S» on the card",
        "code «131052-308T» there",
        "so «529.982.247-25» then",
        "and «219-09-9999» too",
    ] {
        let marked = marked.replace("NIE-like ", "it ");
        hides(Label::NationalId, "", &marked);
    }
}

#[test]
fn plates_bookings_secrets_codes_and_dates_of_birth() {
    for (label, marked) in [
        (Label::Plate, "plate «AB12 CDE», blue car"),
        (Label::Plate, "Kennzeichen: «B-AB 1234»"),
        (Label::Plate, "госномер «А123ВС77»"),
        (Label::OtherId, "booking ref «K7QX2M»"),
        (Label::OtherId, "tracking «1Z999AA10123456784» today"),
        (Label::OtherId, "Buchungsnummer: «K7QX-88124»"),
        (Label::Secret, "password: «hunter22x» ok"),
        (Label::Secret, "пароль: «qwerty99»"),
        (Label::Secret, "pin code «4821» for the door"),
        (Label::Date, "born «12.03.1998» in town"),
        (Label::Date, "geboren am «3. März 1998» dort"),
        (Label::Date, "née le «3 mars 1998»"),
        (Label::Date, "дата рождения: «12 марта 1998»"),
        (Label::Date, "生年月日 «1998年3月12日»"),
        (Label::Location, "at «12 Baker Street, Flat 3» now"),
        (Label::Location, "in der «Hauptstraße 5a, 10115 Berlin»"),
        (Label::Location, "«Hotel Astoria room 214» tonight"),
        (Label::Location, "near «NW1 6XE» ok"),
    ] {
        hides(label, "", marked);
    }
}

#[test]
fn keys_of_services_are_secrets() {
    let key = format!("ghp_{}", "a1B2".repeat(9));
    hides(Label::Secret, "", &format!("use «{key}» ok"));
    let block = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----";
    hides(Label::Secret, "", &format!("«{block}»\nend"));
}

#[test]
fn what_only_looks_like_one_of_them_stays() {
    for text in [
        "born in 1998, moved in 2016, back in 2024",
        "room 1405, floor 14, suite 200, gate code at the desk",
        "password is required",
        "the plate was full, the pass was free",
        "24 hours drive, 10 minutes drive",
        "my id is fine, no passport needed",
        "Ad ID 4821337755 posted 2025-08-12 14:33:07, renewed 3 times, 1204 views",
        "Invoice 2025-000148 total 1,555.01 due in 30 days",
        "price 150.00 / 250.00 / 450.00 (cash only, no card)",
        "the score was 3-2, 6-4, 7-5, attendance 20,255",
        "2025/12/31 23:59:59 UTC+00:00",
        "Version 10.0.19045.3570 build 22621",
    ] {
        assert_eq!(hidden(text, "en"), [], "{text}");
    }
}
