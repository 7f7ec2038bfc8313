//! One value, many writings: all are hidden, and all get the same token.

use redactor::Options;

use crate::tools::{onion, only_token, options};

#[track_caller]
fn one_token(options: &Options, writings: &[&str]) {
    let first = only_token(writings[0], options);
    for writing in &writings[1..] {
        assert_eq!(only_token(writing, options), first, "{} and {writing}", writings[0]);
    }
}

#[test]
fn a_phone_number() {
    one_token(
        &options("en-GB"),
        &[
            "+44 7700 900123",
            "+447700900123",
            "0044 7700 900123",
            "+44 (0)7700 900123",
            "+44-7700-900-123",
            "+44.7700.900.123",
            "07700 900123",
            "call 07700900123",
            "＋４４ ７７００ ９００１２３",
            "+٤٤ ٧٧٠٠ ٩٠٠١٢٣",
            "+44 7\u{200b}7\u{200b}0\u{200b}0 9\u{ad}00123",
            "+4 4 7 7 0 0 9 0 0 1 2 3",
            "+44 ⑦⑦⓪⓪ ⑨⓪⓪①②③",
            "+44 7️⃣7️⃣0️⃣0️⃣ 9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣",
            "+44 𝟕𝟕𝟎𝟎 𝟗𝟎𝟎𝟏𝟐𝟑",
            "%2B44%207700%20900123",
            "https://wa.me/447700900123",
        ],
    );
}

#[test]
fn a_mail_address() {
    one_token(
        &Options::default(),
        &[
            "jade@mail.example",
            "JADE@Mail.Example",
            "mailto:jade@mail.example",
            "jade [at] mail [dot] example",
            "jade(at)mail(dot)example",
            "jade at mail dot example",
            "jade (at) mail . example",
            "jade @ mail.example",
            "ｊａｄｅ＠ｍａｉｌ．ｅｘａｍｐｌｅ",
            "jade&#64;mail&period;example",
            "jade%40mail.example",
            "ja\u{200b}de@ma\u{ad}il.example",
            "𝐣𝐚𝐝𝐞@mail.example",
            "jade arroba mail punto example",
            "jade собака mail точка example",
        ],
    );
}

#[test]
fn an_account() {
    one_token(
        &Options::default(),
        &[
            "telegram: jade_x",
            "telegram @jade_x",
            "tg: Jade_X",
            "t.me/jade_x",
            "https://t.me/jade_x",
            "https://t.me/jade_x?start=1",
            "ｔｅｌｅｇｒａｍ： ｊａｄｅ＿ｘ",
            "tele\u{200b}gram: ja\u{200b}de_x",
            "телеграм: jade_x",
        ],
    );
}

#[test]
fn an_address_for_money() {
    let none = Options::default();
    one_token(&none, &["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"]);
    one_token(
        &none,
        &[
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            "0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED",
            "０x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        ],
    );
    one_token(&none, &["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1BvBMSEYst\u{200b}WetqTFn5Au4m4GFg7xJaNVN2"]);
    one_token(
        &none,
        &[
            "GB82WEST12345698765432",
            "GB82 WEST 1234 5698 7654 32",
            "gb82-west-1234-5698-7654-32",
            "ＧＢ82WEST12345698765432",
        ],
    );
    one_token(
        &none,
        &["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "４２４２ ４２４２ ４２４２ ４２４２"],
    );
}

#[test]
fn an_address_of_a_place_or_a_machine() {
    let none = Options::default();
    one_token(&none, &["2001:db8::7", "2001:DB8:0:0:0:0:0:7", "2001:0db8:0000::0007"]);
    one_token(&none, &["192.0.2.44", "１９２.0.2.44", "192。0。2。44"]);
    one_token(&none, &["00:00:5e:00:53:af", "00-00-5E-00-53-AF"]);
    one_token(&none, &["51.50735, -0.12776", "51.507350,-0.127760", "51.50735 / -0.12776"]);
    let name = onion(0x4c);
    one_token(
        &none,
        &[
            &name,
            &name.to_uppercase(),
            &format!("{name}.onion"),
            &format!("www.{name}.onion"),
            &format!("{name}.onion:80"),
        ],
    );
    one_token(
        &none,
        &[
            "https://shop.example/ad",
            "http://www.shop.example/ad/",
            "shop.example/ad",
            "HTTPS://SHOP.EXAMPLE/ad",
            "https://ｓｈｏｐ.example/ad",
        ],
    );
}

#[test]
fn other_values_have_other_tokens() {
    let none = Options::default();
    let pairs = [
        ("+44 7700 900123", "+44 7700 900124"),
        ("jade@mail.example", "jade@mail2.example"),
        ("telegram: jade_x", "instagram: jade_x"),
        ("shop.example/ad", "shop.example/Ad"),
        ("51.50735, -0.12776", "51.50735, 0.12776"),
    ];
    for (one, other) in pairs {
        assert_ne!(only_token(one, &none), only_token(other, &none), "{one} and {other}");
    }
}
