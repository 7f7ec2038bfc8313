//! Every trick that is known to us for making one reader of a URL see another destination than the next, with what
//! becomes of it: one row each, judged through [`admit`](super::admit) under a document that people signed.
//!
//! `ONION` in a row stands for the onion that is authorised, `PROTECTED` for one that is protected.

mod always;

use ed25519_dalek::SigningKey;
use model::{PersonId, Timestamp};

use super::{admit, admit_robots, join};
use crate::{Authorised, Document, Draft, DraftTarget, Protected, Rule, SignedDocument, Trust, is_onion_v3, onion_v3};

/// What is to become of a URL.
#[derive(Clone, Copy)]
enum Becomes {
    /// It is admitted, and sent like this.
    Sent(&'static str),
    /// It is refused by this rule.
    Refused(Rule),
}

use Becomes::{Refused, Sent};

/// Protected destinations come before every other rule, however they are wrapped.
const PROTECTED: &[(&str, Becomes)] = &[
    ("http://helpline.example/", Refused(Rule::ProtectedDestination)),
    ("https://chat.HELPLINE.example./board", Refused(Rule::ProtectedDestination)),
    ("http://ads.example@helpline.example/board", Refused(Rule::ProtectedDestination)),
    ("http://ads.example%2F@helpline.example/board", Refused(Rule::ProtectedDestination)),
    ("http://ads.example\\@helpline.example/board", Refused(Rule::UrlSpelling)),
    ("http://help\tline.example/board", Refused(Rule::ProtectedDestination)),
    ("http:\\\\helpline.example\\board", Refused(Rule::ProtectedDestination)),
    ("http:helpline.example/board", Refused(Rule::ProtectedDestination)),
    ("ftp://helpline.example/board", Refused(Rule::ProtectedDestination)),
    ("wss://helpline.example:8443/board", Refused(Rule::ProtectedDestination)),
    ("http://%68elpline.example/", Refused(Rule::ProtectedDestination)),
    ("http://helpline\u{3002}example/", Refused(Rule::ProtectedDestination)),
    ("http://\u{ff48}elpline.example/", Refused(Rule::ProtectedDestination)),
    ("http://help\u{ad}line.example/", Refused(Rule::ProtectedDestination)),
    ("http://www.PROTECTED/", Refused(Rule::ProtectedDestination)),
    ("http://helpline.example:99999/", Refused(Rule::UrlSpelling)),
];

/// Who is asked.
const HOSTS: &[(&str, Becomes)] = &[
    ("http://ads.example/board/7", Sent("http://ads.example/board/7")),
    ("HTTP://ADS.Example/board/7", Sent("http://ads.example/board/7")),
    ("http://ads.example./board/7", Refused(Rule::Host)),
    ("http://ads.example../board/7", Refused(Rule::Host)),
    ("http://.ads.example/board/7", Refused(Rule::Host)),
    ("http://www.ads.example/board/7", Refused(Rule::Host)),
    ("http://ads.example.mirror.example/board/7", Refused(Rule::Host)),
    ("http://badads.example/board/7", Refused(Rule::Host)),
    ("http://example/board/7", Refused(Rule::Host)),
    ("http://user@ads.example/board/7", Refused(Rule::Credentials)),
    ("http://user:word@ads.example/board/7", Refused(Rule::Credentials)),
    ("http://@ads.example/board/7", Refused(Rule::Credentials)),
    ("http://:@ads.example/board/7", Refused(Rule::Credentials)),
    ("http://ads.example@mirror.example/board/7", Refused(Rule::Credentials)),
    ("http://ads.example:80@mirror.example/board/7", Refused(Rule::Credentials)),
    ("http://mirror.example#@ads.example/board/7", Refused(Rule::Host)),
    ("http://mirror.example?@ads.example/board/7", Refused(Rule::Host)),
    ("http://mirror.example/@ads.example/board/7", Refused(Rule::Host)),
    ("http://%61ds.example/board/7", Refused(Rule::UrlSpelling)),
    ("http://ads%2eexample/board/7", Refused(Rule::UrlSpelling)),
    ("http://ads.example%00.mirror.example/board/7", Refused(Rule::UrlSpelling)),
    ("http://ads.example%2fboard/7", Refused(Rule::UrlSpelling)),
    ("http://ads.example,mirror.example/board/7", Refused(Rule::Host)),
    ("http://ads_example/board/7", Refused(Rule::Host)),
    ("http://ads example/board/7", Refused(Rule::UrlSpelling)),
    ("http:///board/7", Refused(Rule::UrlSpelling)),
    ("http://:80/board/7", Refused(Rule::UrlSpelling)),
    ("http://", Refused(Rule::UrlSpelling)),
    ("", Refused(Rule::UrlSpelling)),
];

/// Names in other scripts, and what folds into our own.
const HOMOGRAPHS: &[(&str, Becomes)] = &[
    ("http://\u{430}ds.example/board/7", Refused(Rule::Host)),
    ("http://ads.ex\u{430}mple/board/7", Refused(Rule::Host)),
    ("http://xn--ds-6kc.example/board/7", Refused(Rule::Host)),
    ("http://\u{ff41}ds.example/board/7", Refused(Rule::UrlSpelling)),
    ("http://\u{1d41a}ds.example/board/7", Refused(Rule::UrlSpelling)),
    ("http://a\u{ad}ds.example/board/7", Refused(Rule::UrlSpelling)),
    ("http://ads\u{200b}.example/board/7", Refused(Rule::UrlSpelling)),
    ("http://ads\u{3002}example/board/7", Refused(Rule::UrlSpelling)),
    ("http://ads\u{ff0e}example/board/7", Refused(Rule::UrlSpelling)),
    ("http://ads.example\u{ff0f}board/7", Refused(Rule::UrlSpelling)),
    ("http://ads.example\u{2100}/board/7", Refused(Rule::UrlSpelling)),
    ("http://ads.example\u{ff1a}80/board/7", Refused(Rule::UrlSpelling)),
    ("http://b\u{fc}cher.example/", Sent("http://xn--bcher-kva.example/")),
    ("http://B\u{dc}CHER.example/", Sent("http://xn--bcher-kva.example/")),
    ("http://xn--bcher-kva.example/", Sent("http://xn--bcher-kva.example/")),
    ("http://b\u{fc}cher\u{3002}example/", Refused(Rule::UrlSpelling)),
    ("http://b\u{fc}cher.\u{ff45}xample/", Refused(Rule::UrlSpelling)),
    ("http://xn--a.example/", Refused(Rule::UrlSpelling)),
];

/// Addresses, in every spelling that some resolver takes.
const ADDRESSES: &[(&str, Becomes)] = &[
    ("http://127.0.0.1/board", Refused(Rule::IpLiteral)),
    ("http://127.1/board", Refused(Rule::IpLiteral)),
    ("http://127.0.0.1./board", Refused(Rule::IpLiteral)),
    ("http://2130706433/board", Refused(Rule::IpLiteral)),
    ("http://0x7f000001/board", Refused(Rule::IpLiteral)),
    ("http://0x7f.1/board", Refused(Rule::IpLiteral)),
    ("http://0177.0.0.1/board", Refused(Rule::IpLiteral)),
    ("http://017700000001/board", Refused(Rule::IpLiteral)),
    ("http://0/board", Refused(Rule::IpLiteral)),
    ("http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/board", Refused(Rule::IpLiteral)),
    ("http://%31%32%37.0.0.1/board", Refused(Rule::IpLiteral)),
    ("http://127\u{3002}0\u{3002}0\u{3002}1/board", Refused(Rule::IpLiteral)),
    ("http://[::1]/board", Refused(Rule::IpLiteral)),
    ("http://[::ffff:127.0.0.1]/board", Refused(Rule::IpLiteral)),
    ("http://[0:0:0:0:0:0:0:1]:80/board", Refused(Rule::IpLiteral)),
    ("http://[::1%25eth0]/board", Refused(Rule::UrlSpelling)),
    ("http://256.256.256.256/board", Refused(Rule::UrlSpelling)),
    ("http://1.2.3.4.5/board", Refused(Rule::UrlSpelling)),
    ("http://127.0.0.1.ads.example/board", Refused(Rule::Host)),
];

/// Onions, and what only looks like one.
const ONIONS: &[(&str, Becomes)] = &[
    ("http://ONION/", Sent("http://ONION/")),
    ("http://WWW.ONION/", Refused(Rule::Host)),
    ("http://ONION.ads.example/board", Refused(Rule::Host)),
    ("http://ads.example.ONION/board", Refused(Rule::Host)),
    ("http://ONION.to/", Refused(Rule::Host)),
    ("http://ONION./", Refused(Rule::Host)),
    ("http://ONION:80@ads.example/board", Refused(Rule::Credentials)),
    ("http://expyuzz4wqqyqhjn.onion/", Refused(Rule::Host)),
    ("http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaad.onion/", Refused(Rule::Host)),
    ("https://ONION/", Refused(Rule::Scheme)),
];

/// Schemes and ports.
const DOORS: &[(&str, Becomes)] = &[
    ("https://ads.example/board", Refused(Rule::Scheme)),
    ("ftp://ads.example/board", Refused(Rule::Scheme)),
    ("ws://ads.example/board", Refused(Rule::Scheme)),
    ("file:///etc/hosts", Refused(Rule::Scheme)),
    ("file://ads.example/board", Refused(Rule::Scheme)),
    ("data:text/html,board", Refused(Rule::Scheme)),
    ("javascript://ads.example/board%0Aalert(1)", Refused(Rule::Scheme)),
    ("blob:http://ads.example/board", Refused(Rule::Scheme)),
    ("view-source:http://ads.example/board", Refused(Rule::Scheme)),
    ("mailto:board@ads.example", Refused(Rule::Scheme)),
    ("ht\ttp://ads.example/board", Refused(Rule::UrlSpelling)),
    ("http\n://ads.example/board", Refused(Rule::UrlSpelling)),
    ("\u{0}http://ads.example/board", Refused(Rule::UrlSpelling)),
    ("http://ads.example\u{0}/board", Refused(Rule::UrlSpelling)),
    ("http://ads.exam\rple/board", Refused(Rule::UrlSpelling)),
    ("http://ads.example/board\u{85}", Refused(Rule::UrlSpelling)),
    ("\u{feff}http://ads.example/board", Refused(Rule::UrlSpelling)),
    ("//ads.example/board", Refused(Rule::UrlSpelling)),
    ("/board/7", Refused(Rule::UrlSpelling)),
    ("http:/ads.example/board", Refused(Rule::UrlSpelling)),
    ("http:ads.example/board", Refused(Rule::UrlSpelling)),
    ("http:////ads.example/board", Refused(Rule::UrlSpelling)),
    ("http:\\\\ads.example\\board", Refused(Rule::UrlSpelling)),
    ("http:/\\ads.example/board", Refused(Rule::UrlSpelling)),
    ("  http://ads.example/board  ", Sent("http://ads.example/board")),
    ("http://ads.example:80/board", Sent("http://ads.example/board")),
    ("http://ads.example:/board", Sent("http://ads.example/board")),
    ("http://ads.example:0080/board", Sent("http://ads.example/board")),
    ("http://ads.example:8080/board", Sent("http://ads.example:8080/board")),
    ("http://ads.example:443/board", Refused(Rule::Port)),
    ("http://ads.example:0/board", Refused(Rule::Port)),
    ("http://ads.example:65616/board", Refused(Rule::UrlSpelling)),
    ("http://ads.example:80:80/board", Refused(Rule::UrlSpelling)),
    ("http://ads.example:+80/board", Refused(Rule::UrlSpelling)),
    ("http://ads.example:8 0/board", Refused(Rule::UrlSpelling)),
    ("http://ads.example:\u{ff18}\u{ff10}/board", Refused(Rule::UrlSpelling)),
];

/// Paths that mean one thing here and another there.
const PATHS: &[(&str, Becomes)] = &[
    ("http://ads.example/board", Sent("http://ads.example/board")),
    ("http://ads.example/item/", Sent("http://ads.example/item/")),
    ("http://ads.example/item", Refused(Rule::Path)),
    ("http://ads.example/boards", Refused(Rule::Path)),
    ("http://ads.example/boardx/7", Refused(Rule::Path)),
    ("http://ads.example/Board/7", Refused(Rule::Path)),
    ("http://ads.example/itemx/7", Refused(Rule::Path)),
    ("http://ads.example/", Refused(Rule::Path)),
    ("http://ads.example", Refused(Rule::Path)),
    ("http://ads.example?/board", Refused(Rule::Path)),
    ("http://ads.example#/board", Refused(Rule::Path)),
    ("http://ads.example//board/7", Refused(Rule::Path)),
    ("http://ads.example/./board/../board/7", Sent("http://ads.example/board/7")),
    ("http://ads.example/board/../private", Refused(Rule::Path)),
    ("http://ads.example/board/%2e%2e/private", Refused(Rule::Path)),
    ("http://ads.example/board/.%2E/private", Refused(Rule::Path)),
    ("http://ads.example/%62oard/7", Sent("http://ads.example/board/7")),
    ("http://ads.example/board%2f7", Refused(Rule::Path)),
    ("http://ads.example/board/%2f7", Sent("http://ads.example/board/%2F7")),
    ("http://ads.example/board%2f..%2fprivate", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/%252e%252e/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/%25252e%25252e/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/..%5cprivate", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/%5c..%5cprivate", Refused(Rule::PathDecoding)),
    ("http://ads.example/board\\..\\private", Refused(Rule::UrlSpelling)),
    ("http://ads.example/board/..;/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/..%3b/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/.;x/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/7%00.html", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/7%0d%0aHost:%20mirror.example", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/7%2500", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/%c0%ae%c0%ae/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/..%c0%afprivate", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/%e0%80%ae%e0%80%ae/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/%u002e%u002e/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/..%20/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/.../private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/%C0%E4%F0%E5%F1", Sent("http://ads.example/board/%C0%E4%F0%E5%F1")),
    ("http://ads.example/board/a..b/.hidden", Sent("http://ads.example/board/a..b/.hidden")),
    ("http://ads.example/board/%2%61", Sent("http://ads.example/board/%2%61")),
    ("http://ads.example/board/%%32%65/private", Refused(Rule::PathDecoding)),
    ("http://ads.example/board/100%", Sent("http://ads.example/board/100%")),
    ("http://ads.example/board/7;v=2", Sent("http://ads.example/board/7;v=2")),
];

/// What follows the path, and what belongs to nobody.
const TAILS: &[(&str, Becomes)] = &[
    (
        "http://ads.example/board?next=http://mirror.example/",
        Sent("http://ads.example/board?next=http://mirror.example/"),
    ),
    ("http://ads.example/board?/../../private", Sent("http://ads.example/board?/../../private")),
    ("http://ads.example/board?a=%2e%2e%2f\\", Sent("http://ads.example/board?a=%2E%2E%2F\\")),
    ("http://ads.example/board?", Sent("http://ads.example/board?")),
    ("http://ads.example/board?a=%0a", Sent("http://ads.example/board?a=%0A")),
    ("http://ads.example/board?a\tb", Refused(Rule::UrlSpelling)),
    ("http://ads.example/board#http://mirror.example/", Sent("http://ads.example/board")),
    ("http://ads.example/board#\\", Sent("http://ads.example/board")),
];

#[test]
fn each_trick_comes_to_what_the_table_says() {
    let authorised = authorised();
    let tables = [PROTECTED, HOSTS, HOMOGRAPHS, ADDRESSES, ONIONS, DOORS, PATHS, TAILS];
    let mut wrong = Vec::new();
    for (written, becomes) in tables.into_iter().flatten() {
        let url = filled(written);
        let found = match admit(&authorised, &url, moment()) {
            Ok(target) => format!("is sent as {}", target.url()),
            Err(refusal) => format!("is refused by {}", refusal.rule()),
        };
        let expected = match becomes {
            Sent(url) => format!("is sent as {}", filled(url)),
            Refused(rule) => format!("is refused by {rule}"),
        };
        if found != expected {
            wrong.push(format!("{written:?} {found}, and the table says that it {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tables.iter().map(|table| table.len()).sum::<usize>() >= 60, "a table of tricks is long");
}

#[test]
fn a_url_has_at_most_the_bytes_that_the_limits_name() {
    let authorised = authorised();
    let longest = format!("http://ads.example/board/{:0>1$}", "", crate::limits::MAX_URL_BYTES - 25);
    assert_eq!(longest.len(), crate::limits::MAX_URL_BYTES);
    assert!(admit(&authorised, &longest, moment()).is_ok());
    assert_eq!(admit(&authorised, &format!("{longest}0"), moment()).unwrap_err().rule(), Rule::UrlLength);
    let padded = format!("{}http://ads.example/board", " ".repeat(crate::limits::MAX_URL_BYTES));
    assert_eq!(admit(&authorised, &padded, moment()).unwrap_err().rule(), Rule::UrlLength);
}

#[test]
fn outside_of_its_validity_nothing_is_admitted_and_protection_still_comes_first() {
    let authorised = authorised();
    for day in ["2026-11-19T23:59:59.999Z", "2026-12-20T00:00:00Z"] {
        let now = Timestamp::parse_rfc3339(day).unwrap();
        assert_eq!(admit(&authorised, "http://ads.example/board", now).unwrap_err().rule(), Rule::Validity);
        let refusal = admit(&authorised, "http://helpline.example/", now).unwrap_err();
        assert_eq!(refusal.rule(), Rule::ProtectedDestination);
        let page = admit(&authorised, "http://ads.example/board", moment()).unwrap();
        assert_eq!(admit_robots(&page, now).unwrap_err().rule(), Rule::Validity);
    }
}

#[test]
fn links_are_joined_like_a_browser_joins_them_and_then_judged() {
    let authorised = authorised();
    let page = admit(&authorised, "http://ads.example:8080/board/a/b?c=1", moment()).unwrap();
    for (href, becomes) in [
        ("7", Sent("http://ads.example:8080/board/a/7")),
        ("?page=2", Sent("http://ads.example:8080/board/a/b?page=2")),
        ("#top", Sent("http://ads.example:8080/board/a/b?c=1")),
        ("", Sent("http://ads.example:8080/board/a/b?c=1")),
        ("/item/7", Sent("http://ads.example:8080/item/7")),
        ("../../item/7", Sent("http://ads.example:8080/item/7")),
        ("../../../../../item/7", Sent("http://ads.example:8080/item/7")),
        ("../../private", Refused(Rule::Path)),
        ("//mirror.example/board", Refused(Rule::Host)),
        ("///mirror.example/board", Refused(Rule::UrlSpelling)),
        ("//helpline.example/board", Refused(Rule::ProtectedDestination)),
        ("http:7", Sent("http://ads.example:8080/board/a/7")),
        ("http:/board/7", Sent("http://ads.example:8080/board/7")),
        ("\\\\mirror.example\\board", Refused(Rule::UrlSpelling)),
        ("/\\mirror.example/board", Refused(Rule::UrlSpelling)),
        ("java\nscript:alert(1)", Refused(Rule::UrlSpelling)),
        ("javascript:alert(1)", Refused(Rule::Scheme)),
    ] {
        let found = join(&page, href).and_then(|url| admit(&authorised, &url, moment()));
        match (found, becomes) {
            (Ok(target), Sent(url)) => assert_eq!(target.url(), url, "{href:?}"),
            (Err(refusal), Refused(rule)) => assert_eq!(refusal.rule(), rule, "{href:?}"),
            (found, _) => panic!("{href:?} came to {found:?}"),
        }
    }
}

#[test]
fn robots_txt_is_asked_of_the_same_door_and_nowhere_else() {
    let page = admit(&authorised(), "http://ads.example:8080/board/7?a#b", moment()).unwrap();
    let robots = admit_robots(&page, moment()).unwrap();
    assert_eq!(robots.url(), "http://ads.example:8080/robots.txt");
    assert_eq!((robots.host(), robots.port(), robots.site()), (page.host(), page.port(), page.site()));
}

fn moment() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-25T12:00:00Z").expect("it is a date-time")
}

fn onion() -> String {
    onion_v3(&[7; 32])
}

fn filled(written: &str) -> String {
    let protected = Protected::builtin().iter().find(|entry| is_onion_v3(&entry.host));
    let protected = &protected.expect("the list names an onion").host;
    written.replace("PROTECTED", protected).replace("ONION", &onion())
}

/// The example's document with an onion, a name in another script and a host over TLS beside its own, signed by both.
fn authorised() -> Authorised {
    static SIGNED: std::sync::LazyLock<Authorised> = std::sync::LazyLock::new(|| {
        let mut draft = Draft::parse(&crate::example()).expect("the example is a draft");
        for (host, scheme, site) in [
            (onion().as_str(), "http", "onion-a"),
            ("b\u{fc}cher.example", "http", "books"),
            ("forum.example", "https", "forum-a"),
        ] {
            let target = DraftTarget {
                host: host.to_owned(),
                scheme: scheme.to_owned(),
                path_prefixes: vec!["/".to_owned()],
                site: site.to_owned(),
                ..DraftTarget::default()
            };
            draft.targets.push(target);
        }
        let document = Document::parse(&draft.to_toml()).expect("the document keeps every rule");
        let people = [("s.maria", 1), ("s.jonas", 2)].map(|(name, seed)| {
            (name.parse::<PersonId>().expect("it is a person id"), SigningKey::from_bytes(&[seed; 32]))
        });
        let trust = Trust {
            signers: people.iter().map(|(person, key)| (person.clone(), key.verifying_key())).collect(),
            required: 2,
            audience: document.audience().to_owned(),
            revoked: Default::default(),
        };
        let signatures = people.iter().map(|(person, key)| crate::sign(&document, person, key)).collect();
        let signed = SignedDocument { document, signatures };
        signed.verify(&trust, moment()).expect("it is signed by both and in force")
    });
    SIGNED.clone()
}
