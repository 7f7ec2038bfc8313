//! Records from JSON-LD, where no profile knows the page: posts and advertisements as schema.org names them.

use scraper::{ElementRef, Html};
use serde_json::{Map, Value};
use zeroize::{Zeroize as _, Zeroizing};

use crate::date::{self, Now, Order};
use crate::limits::MAX_RECORDS;
use crate::marks::Marks;
use crate::{Field, PageKind, Record, RecordKind, price};

/// Bytes of one block that are taken for records; longer ones are read as text alone.
const MAX_BLOCK_BYTES: usize = 1 << 20;

/// Blocks of one page.
const MAX_BLOCKS: usize = 64;

/// Bytes of one value.
const MAX_VALUE_BYTES: usize = 64 << 10;

const POSTS: [&str; 7] =
    ["DiscussionForumPosting", "SocialMediaPosting", "BlogPosting", "Comment", "Question", "Answer", "Message"];

const ADS: [&str; 12] = [
    "Product",
    "Offer",
    "Vehicle",
    "Car",
    "Apartment",
    "Accommodation",
    "House",
    "Room",
    "RealEstateListing",
    "Service",
    "IndividualProduct",
    "JobPosting",
];

/// What the JSON-LD blocks of a document describe, if they describe posts or advertisements.
pub(crate) fn find(document: &Html, now: Option<Now>) -> Option<Marks> {
    let mut marks = Marks::default();
    let scripts =
        document.tree.root().descendants().filter_map(ElementRef::wrap).filter(|e| e.value().name() == "script");
    let blocks =
        scripts.filter(|e| e.attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json")));
    for block in blocks.take(MAX_BLOCKS) {
        let text = Zeroizing::new(block.text().collect::<String>());
        if text.len() > MAX_BLOCK_BYTES {
            continue;
        }
        if let Ok(mut value) = serde_json::from_str::<Value>(&text) {
            take(&value, now, &mut marks);
            wipe(&mut value);
        }
    }
    let ads = marks.records.iter().filter(|record| record.kind == RecordKind::Ad).count();
    marks.kind = match (ads, marks.records.len()) {
        (_, 0) => return None,
        (1, 1) => PageKind::Ad,
        (0, _) => PageKind::Thread,
        _ => PageKind::AdList,
    };
    Some(marks)
}

/// Takes the records out of a value, in order. The parser's own limit bounds the depth.
fn take(value: &Value, now: Option<Now>, marks: &mut Marks) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| take(value, now, marks)),
        Value::Object(object) => {
            let kind = object.get("@type").and_then(kind_of);
            if let Some(kind) = kind.filter(|_| marks.records.len() < MAX_RECORDS) {
                record(object, kind, now, marks);
            }
            // The offer of a product is its price, not a second advertisement.
            let inner = object
                .iter()
                .filter(|(name, _)| kind != Some(RecordKind::Ad) || !matches!(name.as_str(), "offers" | "seller"));
            inner.for_each(|(_, value)| take(value, now, marks));
        }
        _ => {}
    }
}

fn kind_of(value: &Value) -> Option<RecordKind> {
    let mut names = match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect::<Vec<_>>(),
    };
    names.iter_mut().for_each(|name| *name = name.rsplit(['/', '#']).next().unwrap_or_default());
    if names.iter().any(|name| POSTS.contains(name)) {
        Some(RecordKind::Post)
    } else {
        names.iter().any(|name| ADS.contains(name)).then_some(RecordKind::Ad)
    }
}

fn record(object: &Map<String, Value>, kind: RecordKind, now: Option<Now>, marks: &mut Marks) {
    let at = marks.records.len();
    let text = |names: &[&str]| names.iter().find_map(|name| object.get(*name).and_then(said));
    let offer = object.get("offers").map(|offers| offers.get(0).unwrap_or(offers));
    let fields = [
        (Field::Title, text(&["headline", "name", "title"])),
        (Field::Body, text(&["articleBody", "text", "description"])),
        (Field::Author, text(&["author", "creator", "sender"]).or_else(|| offer?.get("seller").and_then(said))),
        (Field::Place, text(&["areaServed", "address", "jobLocation", "availableAtOrFrom", "location"])),
        (Field::Contact, text(&["telephone", "email"])),
    ];
    if fields.iter().all(|(field, value)| !matches!(field, Field::Title | Field::Body) || value.is_none()) {
        return;
    }
    let day = text(&["datePublished", "dateCreated", "datePosted", "uploadDate"]);
    let day = day.and_then(|text| date::read(&text, Order::Dmy, now));
    let amount = offer.and_then(|offer| {
        let amount = offer.get("price").or_else(|| offer.get("lowPrice"))?;
        let amount = Zeroizing::new(amount.as_str().map_or_else(|| amount.to_string(), str::to_owned));
        let currency = offer.get("priceCurrency").and_then(Value::as_str).unwrap_or_default();
        price::read(&format!("{} {currency}", &*amount))
    });
    marks.records.push(Record { kind, posted: day, price: amount, answers: None });
    for (field, value) in fields {
        if let Some(value) = value {
            marks.values.push((Some(at), field, value));
        }
    }
}

/// What a value says: a string, or the name or place of an object.
fn said(value: &Value) -> Option<Zeroizing<String>> {
    let text = match value {
        Value::String(text) => text,
        Value::Array(list) => return list.first().and_then(said),
        Value::Object(object) => {
            let named = ["name", "addressLocality", "addressRegion", "addressCountry", "address"];
            return named.iter().find_map(|name| object.get(*name).and_then(said));
        }
        _ => return None,
    };
    let text = text.trim();
    (!text.is_empty()).then(|| Zeroizing::new(text[..text.floor_char_boundary(MAX_VALUE_BYTES)].to_owned()))
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(list) => list.iter_mut().for_each(wipe),
        Value::Object(object) => object.values_mut().for_each(wipe),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: &str) -> Option<Marks> {
        find(&Html::parse_document(&format!("<script type='application/ld+json'>{json}</script>")), None)
    }

    fn value(marks: &Marks, record: usize, field: Field) -> &str {
        marks.values.iter().find(|(at, known, _)| *at == Some(record) && *known == field).map_or("", |(.., text)| text)
    }

    #[test]
    fn a_product_is_an_advertisement_with_its_price() {
        let marks = found(
            r#"{"@context":"https://schema.org","@type":"Product","name":"Boat","description":"Hardly used.",
            "offers":{"@type":"Offer","price":"1250.50","priceCurrency":"EUR","seller":{"@type":"Person","name":"skipper"}}}"#,
        )
        .unwrap();
        assert_eq!((marks.kind, marks.records.len()), (PageKind::Ad, 1));
        let price = marks.records[0].price.unwrap();
        assert_eq!((price.minor_units, price.currency), (125_050, Some(*b"EUR")));
        assert_eq!((value(&marks, 0, Field::Title), value(&marks, 0, Field::Author)), ("Boat", "skipper"));
    }

    #[test]
    fn a_thread_is_its_posts_in_order() {
        let marks = found(
            r#"{"@graph":[{"@type":"http://schema.org/DiscussionForumPosting","headline":"Boats","text":"first","datePublished":"2026-11-24T04:05:00Z",
            "author":{"name":"mate"},"comment":[{"@type":"Comment","text":"second"},{"@type":["Comment"],"text":"third"}]}]}"#,
        )
        .unwrap();
        assert_eq!((marks.kind, marks.records.len()), (PageKind::Thread, 3));
        assert_eq!(marks.records[0].posted.unwrap().to_string(), "2026-11-24");
        assert_eq!([0, 1, 2].map(|at| value(&marks, at, Field::Body)), ["first", "second", "third"]);
    }

    #[test]
    fn what_describes_neither_is_none() {
        for json in ["", "{", "[]", r#"{"@type":"Organization","name":"x"}"#, r#"{"@type":"Product"}"#, "{\"@type\":7}"]
        {
            assert!(found(json).is_none(), "{json}");
        }
        assert!(found(&"[".repeat(100_000)).is_none());
    }
}
