//! Whole pages through the door.

use std::fmt::Write as _;

use model::{AuthorisationId, CaptureId};
use proptest::prelude::*;

use super::*;
use crate::{Field, LinkTarget, RecordKind, Segment};

static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::builtin);

fn record(url: &str, html: impl Into<Vec<u8>>) -> CaptureRecord {
    let started = Timestamp::parse_rfc3339("2026-11-24T04:00:00Z").unwrap();
    let (capture, authorisation) = (CaptureId::from_bytes([1; 16]), AuthorisationId::from_bytes([2; 16]));
    let mut record =
        CaptureRecord::begun(capture, authorisation, "op-harbour-2026".parse().unwrap(), "board-a", url, started);
    record.status = 200;
    record.body = html.into().into();
    record
}

fn parsed_at(url: &str, html: impl Into<Vec<u8>>) -> ParsedPage {
    parse(FetchedPage::new(record(url, html)), &PROFILES)
}

fn parsed(html: impl Into<Vec<u8>>) -> ParsedPage {
    parsed_at("http://forum.example/", html)
}

fn texts(page: &ParsedPage, provenance: Provenance) -> Vec<&str> {
    let of = |segment: &&Segment| segment.provenance == provenance;
    page.segments().iter().filter(of).map(|segment| segment.text.expose().as_str()).collect()
}

fn field(page: &ParsedPage, record: Option<usize>, field: Field) -> Vec<&str> {
    let of = |segment: &&Segment| segment.record == record && segment.field == Some(field);
    page.segments().iter().filter(of).map(|segment| segment.text.expose().as_str()).collect()
}

#[test]
fn inline_markup_is_joined_and_blocks_are_borders() {
    let page = parsed("<p>call 07<b>700</b> 900<!-- no -->123<p>or\n\n 07<x-y>7</x-y>00<br>900<wbr>124<div>last</div>");
    assert_eq!(texts(&page, Provenance::Visible), ["call 07700 900123", "or 07700\n900124", "last"]);
    assert_eq!(texts(&page, Provenance::Comment), ["no"]);
}

#[test]
fn hidden_text_is_apart_and_does_not_part_what_is_seen() {
    for hide in ["style='display:none'", "hidden", "aria-hidden=true", "style='font-size:0px'"] {
        let page = parsed(format!("<p>a 07700 <span {hide}>decoy</span>900123 z"));
        assert_eq!(texts(&page, Provenance::Visible), ["a 07700 900123 z"], "{hide}");
        assert_eq!(texts(&page, Provenance::Hidden), ["decoy", "a 07700 decoy900123 z"], "{hide}");
    }
    let page = parsed("<p>a <div hidden><p>x<p>y</div> b<noscript>n</noscript><template><i>t</i></template>");
    assert_eq!(texts(&page, Provenance::Hidden), ["x", "y", "n", "t"]);
}

#[test]
fn an_identifier_in_both_kinds_of_text_is_read_as_one_too() {
    let page = parsed("<p>07<span aria-hidden=true>700</span> 900123");
    assert_eq!(texts(&page, Provenance::Visible), ["07 900123"]);
    assert_eq!(texts(&page, Provenance::Hidden), ["700", "07700 900123"]);
}

#[test]
fn a_page_without_a_profile_may_say_itself_who_wrote_it() {
    let page = parsed(
        r#"<p>by <a rel="nofollow author" href="/u/1">skipper77</a></p><p itemprop=Author>mate</p><p rel=authors>x</p>"#,
    );
    assert_eq!(texts(&page, Provenance::Author), ["skipper77", "mate"]);
}

#[test]
fn every_kind_of_text_comes_out_with_where_it_stood() {
    let mut record = record(
        "http://forum.example/u/anna%40example.org/me.jpg",
        r#"<html lang="ro_RO"><head><title>the title</title>
        <meta name=description content="the description"><meta name=author content="the author">
        <script type="application/ld+json">{"@context":"x","telephone":"+44 7700 900123","n":[{"age":31}]}</script>
        <style>p { color: red }</style><script>var secret = "+44 7700 900999"</script></head>
        <body onload="go()" data-tel="the data"><img alt="the alt" src="/i/cat%20photo.png" title="the tip">
        <input placeholder="the hint" value="the value"><a href="tel:+447700900124" aria-label="the label">x</a>
        <img src="data:image/png;base64,AAAA"></body>"#,
    );
    record.response_headers = vec![
        (b"X-Seller".to_vec(), b"the header".to_vec()),
        (b"Date".to_vec(), b"never".to_vec()),
        (b"Content-Disposition".to_vec(), b"inline; filename=\"the name.html\"".to_vec()),
    ]
    .into();
    let page = parse(FetchedPage::new(record), &PROFILES);
    assert_eq!(texts(&page, Provenance::Title), ["the title", "the tip"]);
    assert_eq!(texts(&page, Provenance::Meta), ["the description"]);
    assert_eq!(texts(&page, Provenance::Author), ["the author"]);
    assert_eq!(texts(&page, Provenance::JsonLd), ["x", "+44 7700 900123", "31"]);
    assert_eq!(texts(&page, Provenance::Alt), ["the alt"]);
    assert_eq!(texts(&page, Provenance::Attribute), ["the data", "the hint", "the value", "the label"]);
    assert_eq!(texts(&page, Provenance::Url), ["u/anna@example.org/me.jpg", "i/cat photo.png", "tel:+447700900124"]);
    assert_eq!(texts(&page, Provenance::FileName), ["me.jpg", "the name.html", "cat photo.png"]);
    assert_eq!(texts(&page, Provenance::Header), ["the header", "inline; filename=\"the name.html\""]);
    assert_eq!(page.language(), Some("ro-ro"));
    assert!(page.segments().iter().all(|segment| !segment.text.expose().contains("900999")), "scripts are dropped");
    let problems: Vec<_> = page.problems().iter().collect();
    assert_eq!(
        problems,
        [
            (Problem::ScriptDropped, 2),
            (Problem::StyleDropped, 1),
            (Problem::DataUrlDropped, 1),
            (Problem::UnusableLink, 1)
        ]
        .into_iter()
        .collect::<std::collections::BTreeMap<_, _>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
}

#[test]
fn a_forum_thread_has_posts_with_their_fields() {
    let mut page =
        parsed_at("http://forum.example/viewtopic.php?f=2&t=7", include_str!("../../tests/pages/thread.html"));
    assert_eq!((page.kind(), page.profile()), (PageKind::Thread, Some("phpbb 2")));
    assert_eq!(page.records().len(), 2);
    assert_eq!(page.records()[0].kind, RecordKind::Post);
    assert_eq!(page.posted_day().unwrap().to_string(), "2026-11-20");
    assert_eq!(field(&page, None, Field::Title), ["Looking for a boat"]);
    assert_eq!(field(&page, None, Field::Board), ["Harbour talk"]);
    assert_eq!(field(&page, Some(0), Field::Author), ["skipper77"]);
    assert_eq!(field(&page, Some(0), Field::Body), ["Write to skipper@example.org", "thanks"]);
    assert_eq!(field(&page, Some(0), Field::Quote), ["someone said", "this"]);
    assert_eq!(texts(&page, Provenance::Author), ["skipper77", "mate"]);
    assert_eq!(page.problems().count(Problem::MissingField), 1, "the second post has no body");
    let links: Vec<_> = page.take_links().into_iter().map(|link| (link.target, link.href.into_inner())).collect();
    let thread = "http://forum.example/viewtopic.php?f=2&t=7";
    for expected in [
        (LinkTarget::Never, "http://forum.example/ucp.php?mode=logout".to_owned()),
        (LinkTarget::Board, "http://forum.example/index.php".to_owned()),
        (LinkTarget::Board, "http://forum.example/viewforum.php?f=2".to_owned()),
        (LinkTarget::Thread, thread.to_owned()),
        (LinkTarget::NextPage, format!("{thread}&start=10")),
        (LinkTarget::Page, "http://forum.example/memberlist.php?mode=viewprofile&u=5".to_owned()),
    ] {
        assert!(links.contains(&expected), "{expected:?}");
    }
    assert!(page.take_links().is_empty());
}

#[test]
fn an_advertisement_has_price_place_and_contact() {
    let page = parsed_at("http://ads.example/item/7", include_str!("../../tests/pages/ad.html"));
    assert_eq!((page.kind(), page.profile()), (PageKind::Ad, Some("ads-osclass 1")));
    assert_eq!(page.price().unwrap().minor_units, 125_050);
    assert_eq!(page.posted_day().unwrap().to_string(), "2026-11-20");
    assert_eq!(field(&page, None, Field::Board), ["Boote"]);
    for (name, expected) in [
        (Field::Title, vec!["Schöner Kahn"]),
        (Field::Body, vec!["Kaum benutzt.", "Bar."]),
        (Field::Place, vec!["Stadt: Lübeck", "Region: Holstein"]),
        (Field::Contact, vec!["0171 3920012"]),
        (Field::Author, vec!["Jo"]),
    ] {
        assert_eq!(field(&page, Some(0), name), expected);
    }
}

#[test]
fn a_page_that_its_profile_does_not_know_keeps_its_text() {
    let page = parsed("<body id=phpbb><p>an error page");
    assert_eq!(texts(&page, Provenance::Visible), ["an error page"]);
    assert_eq!((page.kind(), page.problems().count(Problem::UnknownPage)), (PageKind::Other, 1));
}

#[test]
fn logout_is_never_followed_on_any_site() {
    let mut page = parsed(
        "<a href=/logout>1</a><a href='/account/sign-out?x'>2</a><a href=/logoutlet>3</a><a href=/blog/out>4</a>",
    );
    let targets: Vec<_> = page.take_links().into_iter().map(|link| link.target).collect();
    assert_eq!(targets, [LinkTarget::Never, LinkTarget::Never, LinkTarget::Page, LinkTarget::Page]);
}

#[test]
fn what_is_no_text_is_not_read() {
    let mut image = record("http://forum.example/a", b"\x89PNG secret".to_vec());
    image.response_headers = vec![(b"Content-Type".to_vec(), b"text/html".to_vec())].into();
    let page = parse(FetchedPage::new(image), &PROFILES);
    assert_eq!((page.segments().len(), page.problems().count(Problem::NotText)), (1, 1));
}

#[test]
fn plain_text_and_json_are_read_as_what_they_are() {
    let with_type = |kind: &str, body: &str| {
        let mut record = record("http://forum.example/", body);
        record.response_headers = vec![(b"Content-Type".to_vec(), kind.as_bytes().to_vec())].into();
        parse(FetchedPage::new(record), &PROFILES)
    };
    let plain = with_type("text/plain; charset=utf-8", "one <b>\r\nline\r\n\r\ntwo");
    assert_eq!(texts(&plain, Provenance::Visible), ["one <b>\nline", "two"]);
    let json = with_type("application/json", r#"{"a":"b"}"#);
    assert_eq!(texts(&json, Provenance::JsonLd), ["b"]);
}

#[test]
fn hostile_pages_cost_themselves_alone() {
    let deep = format!("{}text", "<div>".repeat(1_000_000));
    let page = parsed(deep);
    assert_eq!(texts(&page, Provenance::Visible), Vec::<&str>::new(), "markup ended before the text");
    assert_eq!(page.problems().count(Problem::TooManyNodes), 1);

    let page = parsed(format!("{}text", "<div>".repeat(1_000)));
    assert_eq!(texts(&page, Provenance::Visible), ["text"]);

    let mut wide = String::new();
    for number in 0..20_000 {
        let _ = write!(wide, "<a href=/{number}>{number}</a>");
    }
    let mut page = parsed(wide);
    assert_eq!(page.problems().count(Problem::TooManyLinks), 10_000);
    assert_eq!(page.take_links().len(), 10_000);

    let page = parsed("<p>word".repeat(199_000 / 2));
    assert!(page.problems().is_empty());

    let page = parsed(format!("<p>{}", "long ".repeat(500_000)));
    assert_eq!(page.problems().count(Problem::TooMuchText), 1);
}

#[test]
fn debug_of_everything_on_the_way_shows_no_text() {
    let secret = "s3cret";
    let html = format!("<title>{secret}</title><p>{secret}<a href=/{secret}>x</a>");
    let fetched = FetchedPage::new(record(&format!("http://forum.example/{secret}"), html));
    let before = format!("{fetched:?} {:?}", fetched.record());
    let mut page = parse(fetched, &PROFILES);
    let links = page.take_links();
    let after = format!("{page:?} {links:?} {:?} {:?}", page.segments(), page.url());
    assert!(!before.contains(secret) && !after.contains(secret));
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(body: Vec<u8>, coding in "(gzip|deflate|br|)", kind in "(text/html|text/plain|application/json|)") {
        let mut strange = record("http://forum.example/", body);
        strange.response_headers = vec![
            (b"content-encoding".to_vec(), coding.into_bytes()),
            (b"content-type".to_vec(), kind.into_bytes()),
        ]
        .into();
        let page = parse(FetchedPage::new(strange), &PROFILES);
        prop_assert!(page.segments().iter().all(|segment| !segment.text.expose().trim().is_empty()));
    }

    #[test]
    fn visible_text_comes_out_whole_whatever_inline_markup_parts_it(
        text in "[a-z0-9+@.]{1,40}", cuts in proptest::collection::vec((0usize..40, 0usize..6), 0..6)
    ) {
        let marks = ["<b>", "</b>", "<!-- x -->", "<span class=y>", "</span>", "<wbr>"];
        let mut html = String::new();
        for (at, character) in text.chars().enumerate() {
            for (_, mark) in cuts.iter().filter(|(cut, _)| *cut == at) {
                html.push_str(marks[*mark]);
            }
            html.push(character);
        }
        let page = parsed(format!("<p>{html}"));
        prop_assert_eq!(texts(&page, Provenance::Visible), [text.as_str()]);
    }
}
