//! Every kind of identifier as people write it: what is hidden, to the character, and under which label.

use model::Label;

use crate::tools::{hides, onion};

#[test]
fn phones_with_a_calling_code() {
    for marked in [
        "call «+44 7700 900123» today",
        "«+1 (202) 555-0143» or mail",
        "ring «0044 7700 900123», late",
        "«+44 7700 900123 ext. 12» at work",
        "«+33 1 99 00 12 34».",
        "two: «+44 7700 900123» and «+44 7700 900124»",
        "Телефон: «+49 30 23125 123»",
    ] {
        hides(Label::Phone, "", marked);
    }
}

#[test]
fn national_phones_where_language_or_words_speak_for_them() {
    for (lang, marked) in [
        ("en", "I am at «202-555-0143» all day"),
        ("en", "«(202) 555-0143»"),
        ("fr", "joignable au «01 99 00 12 34»"),
        ("de", "Rufen Sie an: «030 23125 123»"),
        ("en-AU", "text me «0491 570 156»"),
        ("sv", "ring mig på «070-174 06 05»"),
        ("", "call me on «07700 900123»"),
        ("", "call «555-0143»"),
        ("", "call «55501» now"),
        ("ru", "звоните «8 (495) 555-01-23»"),
    ] {
        hides(Label::Phone, lang, marked);
    }
}

#[test]
fn mail_addresses() {
    for marked in [
        "write to «jade@mail.example»",
        "«Jade.X+ads@sub.mail.example», please",
        "(«jade_x@mail.example»)",
        "«mailto:jade@mail.example»",
        "<«jade-99@mail.example»>",
        "«jade@почта.рф»",
        "«jade Собака mail Точка example»",
    ] {
        hides(Label::Email, "", marked);
    }
}

#[test]
fn web_addresses() {
    for marked in [
        "see «https://shop.example/ad/7?x=1».",
        "«www.shop.example» has more",
        "at «shop.example/ad/7», second page",
        "«ftp://files.shop.example/a_(b)»",
        "(«http://shop.example/a»)",
        "on «shop.example»!",
    ] {
        hides(Label::Url, "", marked);
    }
}

#[test]
fn accounts_behind_a_platform_an_at_sign_or_a_link() {
    for marked in [
        "telegram: «jade_x»",
        "telegram «@jade_x»",
        "my insta is «jade.x99»",
        "snap: «jadesnaps»",
        "https://t.me/«jade_x»",
        "instagram.com/«jade.x»",
        "hi «@jade_x»!",
        "kik me «jade_99»",
        "Телеграм: «jade_x»",
        "СКАЙП: «jade_x»",
    ] {
        hides(Label::Handle, "", marked);
    }
}

/// The examples of BIP-13, 173 and 350, EIP-55, and the Monero project's own donation address.
#[test]
fn crypto_addresses_by_their_checksums() {
    for marked in [
        "BTC «1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2» thanks",
        "«3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy»",
        "bitcoin:«bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4»",
        "«BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4»",
        "taproot «bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0»",
        "eth «0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed»",
        "eth «0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359»",
        "xmr «44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A» ok",
    ] {
        hides(Label::Crypto, "", marked);
    }
}

/// Wallet import format: Bitcoin's own wiki example.
#[test]
fn a_private_key_is_a_secret() {
    hides(Label::Secret, "", "key «5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ» ok");
}

/// The examples of the registry, ISO 13616.
#[test]
fn bank_accounts() {
    for marked in [
        "IBAN «GB82 WEST 1234 5698 7654 32» please",
        "«DE89370400440532013000»",
        "to «FR14-2004-1010-0505-0001-3M02-606»",
        "«no93 8601 1117 947», Oslo",
    ] {
        hides(Label::Iban, "", marked);
    }
}

/// Numbers that the processors publish for tests.
#[test]
fn payment_cards() {
    for marked in [
        "visa «4242 4242 4242 4242» exp 12/29",
        "«4242424242424242»",
        "«5555-5555-5555-4444» declined",
        "amex «3782 822463 10005»",
        "«4000 0566 5566 5556»",
    ] {
        hides(Label::Card, "", marked);
    }
}

/// Addresses for documentation: RFC 5737, 3849 and 7042.
#[test]
fn addresses_of_machines() {
    for marked in [
        "from «192.0.2.44», twice",
        "ssh «198.51.100.7»:22",
        "«2001:db8::7» answers",
        "[«2001:db8:0:1::a:7»]",
        "mac «00:00:5e:00:53:af»",
        "«00-00-5E-00-53-AF»",
    ] {
        hides(Label::Ip, "", marked);
    }
}

#[test]
fn onion_services() {
    let name = onion(0x4c);
    for marked in [
        format!("mirror «{name}.onion» is up"),
        format!("«{name}»"),
        format!("http «{name}.onion:8080»"),
        "old «expyuzz4wqqyqhjn.onion»".to_owned(),
    ] {
        hides(Label::Onion, "", &marked);
    }
}

#[test]
fn positions() {
    for marked in [
        "pin: «51.50735, -0.12776»",
        "«-33.85678 151.21530» opera",
        "Lat «40.712776, Lon -74.005974»",
        "at «51°30'26\"N 0°7'39\"W» sharp",
    ] {
        hides(Label::Coordinate, "", marked);
    }
}
