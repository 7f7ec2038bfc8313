//! A web archive of originals: requests and responses as they went over the wire. It is made in memory and never written down as it
//! is; whoever asks for it encrypts it for the recipient.

use model::{CaptureId, Sensitive, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::wacz::{About, Lists, Page, WARC};
use crate::warc::{Record, Warc, digest, hex, record_id};
use crate::zip::Zip;

/// Bytes of all bodies together; each is held twice for a moment.
const MOST_BYTES: usize = 256 << 20;

/// A request and its response, as an original has them.
pub struct Exchange<'a> {
    /// The capture.
    pub capture: CaptureId,
    /// `GET` or `HEAD`.
    pub method: &'static str,
    /// What was asked for.
    pub url: &'a str,
    /// Headers as sent.
    pub request_headers: &'a [(Vec<u8>, Vec<u8>)],
    /// The status.
    pub status: u16,
    /// Headers as received.
    pub response_headers: &'a [(Vec<u8>, Vec<u8>)],
    /// The body with its content coding on and its transfer coding off.
    pub body: &'a [u8],
    /// When the request was sent.
    pub started: Timestamp,
    /// When the last byte had come.
    pub ended: Timestamp,
    /// Why the body is not whole: `length`, `time` or `disconnect`.
    pub truncated: Option<&'static str>,
    /// What the transport stated.
    pub facts: serde_json::Value,
}

/// A WACZ 1.1.1 of these originals; the same originals are the same bytes.
///
/// # Errors
/// When they are too many to be held in memory.
pub fn unredacted(
    case: &str,
    software: &str,
    made: Timestamp,
    originals: &[Exchange<'_>],
) -> Result<Sensitive<Vec<u8>>, Error> {
    let bytes: usize = originals.iter().map(|one| one.body.len()).sum();
    if bytes > MOST_BYTES {
        return Err(Error::TooLarge { what: "the archive of originals", limit: MOST_BYTES as u64 });
    }
    let failed = |_| Error::TooLarge { what: "the archive of originals", limit: u64::from(u32::MAX) };
    let (mut warc, mut lists) = (Warc::new(Vec::with_capacity(bytes)), Lists::new());
    let warcinfo = record_id(&[b"warcinfo, originals", case.as_bytes(), made.to_string().as_bytes()]);
    let info = format!(
        "software: {software}\r\nformat: WARC File Format 1.1\r\nisPartOf: {case}\r\ndescription: originals, opened under the grants in approvals/\r\n"
    );
    warc.write(&Record {
        kind: "warcinfo",
        id: &warcinfo,
        date: made,
        uri: None,
        content_type: "application/warc-fields",
        fields: &[("WARC-Filename", WARC.to_owned())],
        block: info.as_bytes(),
        payload_at: None,
    })
    .map_err(failed)?;
    for one in originals {
        add(&mut warc, &mut lists, &warcinfo, one).map_err(failed)?;
    }
    let warc = Sensitive::new(warc.finish());
    let about = About {
        title: &format!("Case {case}: originals"),
        description: "Made by Lanthorn. Requests and responses as they went over the wire; for the recipient alone.",
        software,
        created: made,
    };
    let sha256 = Sha256::digest(warc.expose()).into();
    let described = lists.describe(&about, &sha256, warc.expose().len() as u64)?;
    let digest = json!({ "path": "datapackage.json", "hash": described.hash }).to_string();
    let mut zip = Zip::new(Vec::with_capacity(warc.expose().len() + 8_192));
    for (name, content) in [
        ("datapackage.json", described.package.as_bytes()),
        ("datapackage-digest.json", digest.as_bytes()),
        ("pages/pages.jsonl", described.pages.as_bytes()),
        ("indexes/index.cdx", described.index.as_bytes()),
        ("archive/data.warc.gz", warc.expose()),
    ] {
        zip.add_bytes(name, content).map_err(failed)?;
    }
    Ok(Sensitive::new(zip.finish().map_err(failed)?))
}

/// Request, response and what else is known, linked to each other.
fn add(warc: &mut Warc<Vec<u8>>, lists: &mut Lists, warcinfo: &str, one: &Exchange<'_>) -> std::io::Result<()> {
    let id = |what: &[u8]| record_id(&[what, one.capture.as_bytes()]);
    let (response, request, about) = (id(b"response"), id(b"request"), id(b"known"));
    let capture = one.capture.to_string();
    let mut head = Sensitive::new(format!("HTTP/1.1 {}\r\n", one.status).into_bytes());
    headers(head.expose_mut(), one.response_headers);
    let payload_at = head.expose().len();
    head.expose_mut().extend(one.body);
    let mut fields = vec![("WARC-Warcinfo-ID", warcinfo.to_owned())];
    fields.extend(one.truncated.map(|why| ("WARC-Truncated", why.to_owned())));
    let record = |kind, id, content_type, fields, block, payload_at| Record {
        kind,
        id,
        date: one.started,
        uri: Some(one.url),
        content_type,
        fields,
        block,
        payload_at,
    };
    let http = "application/http; msgtype=response";
    let place = warc.write(&record("response", &response, http, &fields, head.expose(), Some(payload_at)))?;
    let linked = [("WARC-Concurrent-To", response.clone()), ("WARC-Warcinfo-ID", warcinfo.to_owned())];

    let path = one.url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or("/");
    let mut asked = Sensitive::new(format!("{} {path} HTTP/1.1\r\n", one.method).into_bytes());
    headers(asked.expose_mut(), one.request_headers);
    let http = "application/http; msgtype=request";
    warc.write(&record("request", &request, http, &linked, asked.expose(), None))?;
    let known = json!({
        "capture": capture, "started": one.started.to_string(), "ended": one.ended.to_string(),
        "body_blake3": blake3::hash(one.body).to_hex().as_str(), "body_sha256": hex(&Sha256::digest(one.body)), "transport": one.facts,
    });
    let known = known.to_string();
    warc.write(&record("metadata", &about, "application/json", &linked, known.as_bytes(), None))?;

    let mime = one.response_headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"content-type"));
    let mime =
        mime.map(|(_, value)| String::from_utf8_lossy(value).split(';').next().unwrap_or_default().trim().to_owned());
    let page = Page {
        uri: one.url,
        id: &capture,
        title: &capture,
        when: one.started,
        digest: &digest(one.body),
        mime: mime.as_deref().unwrap_or("application/octet-stream"),
        status: one.status,
    };
    lists.add(&page, place);
    Ok(())
}

/// Headers as they came, and the empty line. The transfer coding is off the body, so its header is set aside, as crawlers do.
fn headers(head: &mut Vec<u8>, pairs: &[(Vec<u8>, Vec<u8>)]) {
    for (name, value) in pairs {
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            head.extend(b"X-Archive-Orig-");
        }
        for part in [name.as_slice(), b": ", value, b"\r\n"] {
            head.extend(part);
        }
    }
    head.extend(b"\r\n");
}
