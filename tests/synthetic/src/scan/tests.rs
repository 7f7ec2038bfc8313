use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use tantivy::schema::{BytesOptions, FAST, INDEXED, STORED, STRING, Schema, TEXT};
use tantivy::{Index, IndexWriter, doc};

use super::*;

const WRITTEN: &str = "+44 7700 900123";
const CANONICAL: &str = "+447700900123";

fn needles() -> Vec<Needle> {
    let needle =
        |label, canonical: &str, written: &str| Needle { label, canonical: canonical.into(), written: written.into() };
    vec![
        needle(Label::Phone, CANONICAL, WRITTEN),
        needle(Label::Email, "veltra.nox83@example.org", "Veltra.nox83@example.org"),
        needle(Label::Handle, "telegram:lunera_vik42", "@lunera_vik42"),
        needle(Label::OtherId, "abc", "abc"),
    ]
}

fn scan() -> &'static Scan {
    static SCAN: std::sync::LazyLock<Scan> = std::sync::LazyLock::new(|| Scan::new(&needles()));
    &SCAN
}

/// What is found in a file with this content.
fn found(content: &[u8]) -> Vec<(usize, Form, Coding, Container)> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::write(folder.path().join("deep/file"), content).unwrap();
    let report = scan().folder(folder.path()).unwrap();
    assert_eq!((report.files, report.bytes), (1, content.len() as u64));
    report.leaks.into_iter().map(|leak| (leak.needle, leak.form, leak.coding, leak.container)).collect()
}

/// The value between bytes that are nothing.
fn amid(value: &[u8]) -> Vec<u8> {
    [&[0x00, 0xff, 0x41][..], value, &[0x7a, 0x00]].concat()
}

#[track_caller]
fn finds(content: &[u8], coding: Coding, container: Container) {
    let found = found(content);
    assert!(found.iter().any(|leak| leak.0 == 0 && (leak.2, leak.3) == (coding, container)), "{found:?}");
}

#[test]
fn a_value_is_found_in_every_form() {
    for (text, form) in [
        (WRITTEN, Form::Written),
        (CANONICAL, Form::Canonical),
        ("447700900123", Form::Digits),
        ("x700900123x", Form::Core),
    ] {
        let found = found(&amid(text.as_bytes()));
        assert!(found.contains(&(0, form, Coding::Utf8, Container::File)), "{text}: {found:?}");
    }
    assert!(found(b"...veltra.nox83@EXAMPLE...").contains(&(1, Form::Core, Coding::Utf8, Container::File)));
    assert!(found(b"...veltra.nox83@example.org").contains(&(1, Form::Canonical, Coding::Utf8, Container::File)));
    assert!(found(b"...lunera_vik42...").contains(&(2, Form::Core, Coding::Utf8, Container::File)));
}

#[test]
fn a_value_is_found_in_every_encoding() {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| amid(&WRITTEN.encode_utf16().flat_map(bytes).collect::<Vec<u8>>());
    finds(&utf16(u16::to_le_bytes), Coding::Utf16Le, Container::File);
    finds(&utf16(u16::to_be_bytes), Coding::Utf16Be, Container::File);
    for text in ["%2B44%207700%20900123", "%2b44%207700%20900123", "%2B44+7700+900123", "%2b44+7700+900123"] {
        finds(text.as_bytes(), Coding::Percent, Container::File);
    }
    finds(b"2b3434203737303020393030313233", Coding::Hex, Container::File);
    for before in 0..3 {
        for after in 0..3 {
            let bytes = ["?".repeat(before), WRITTEN.to_owned(), "ÿ".repeat(after)].concat();
            finds(STANDARD.encode(&bytes).as_bytes(), Coding::Base64, Container::File);
            finds(URL_SAFE.encode(&bytes).as_bytes(), Coding::Base64, Container::File);
        }
    }
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_value_is_found_inside_frames_anywhere_in_a_file() {
    // Repeated, so that no frame stores the value as it is; the last one is cut off in the middle of its bytes.
    let text = format!("clean quiet room near the river {WRITTEN} clean quiet room near the river {WRITTEN}").repeat(3);
    let frame = zstd::encode_all(text.as_bytes(), 19).unwrap();
    finds(&amid(&frame), Coding::Utf8, Container::Zstd);
    finds(&amid(&zlib(text.as_bytes())), Coding::Utf8, Container::Zlib);
    finds(&amid(&gzip(text.as_bytes())), Coding::Utf8, Container::Gzip);
    finds(&amid(&gzip(&amid(&frame))), Coding::Utf8, Container::Zstd);
    let long = format!("{text}{}", "bread and honey ".repeat(20_000));
    let whole = zlib(long.as_bytes());
    finds(&whole[..whole.len() - 9], Coding::Utf8, Container::Zlib);
}

#[test]
fn a_value_is_found_in_stored_documents_terms_and_columns_of_an_index() {
    for deleted in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING);
        let stored = schema.add_text_field("stored", STORED);
        let text = schema.add_text_field("text", TEXT);
        let column = schema.add_text_field("column", FAST);
        let bytes = schema.add_bytes_field("bytes", BytesOptions::default() | FAST | INDEXED | STORED);
        let index = Index::create_in_dir(folder.path(), schema.build()).unwrap();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 20 << 20).unwrap();
        for place in ["stored", "text", "column", "bytes"] {
            let value = |here: &str| if place == here { "447700900123" } else { "447700900bread" }.to_owned();
            writer
                .add_document(doc!(
                    id => place,
                    stored => value("stored"),
                    text => value("text"),
                    column => value("column"),
                    bytes => value("bytes").into_bytes(),
                ))
                .unwrap();
        }
        writer.commit().unwrap();
        if deleted {
            writer.delete_term(tantivy::Term::from_field_text(id, "stored"));
            writer.commit().unwrap();
        }
        drop(writer);

        let report = scan().folder(folder.path()).unwrap();
        assert_eq!(report.documents, 4);
        assert!(report.terms >= 8, "{report:?}");
        for container in [Container::StoredDocument, Container::Dictionary] {
            assert!(report.leaks.iter().any(|leak| leak.container == container), "{report:?}");
        }
    }
}

/// Two pages of 512 bytes after the first, linked at byte 300 of the one before.
fn database(linked: bool) -> Vec<u8> {
    let mut content = vec![0u8; 512 * 3];
    content[..16].copy_from_slice(b"SQLite format 3\0");
    content[16..18].copy_from_slice(&512u16.to_be_bytes());
    let (head, tail) = WRITTEN.split_at(7);
    content[512 + 300 - head.len()..512 + 300].copy_from_slice(head.as_bytes());
    if linked {
        content[512 + 300..512 + 304].copy_from_slice(&3u32.to_be_bytes());
    }
    content[1024 + 4..1024 + 4 + tail.len()].copy_from_slice(tail.as_bytes());
    content
}

#[test]
fn a_value_is_found_across_the_pages_of_a_database_and_its_log() {
    finds(&database(true), Coding::Utf8, Container::SqlitePages);
    assert!(found(&database(false)).is_empty());

    // The row is in the log, the page that it goes on in is still in the file.
    let folder = tempfile::tempdir().unwrap();
    let mut log = vec![0u8; 32];
    log.extend([0u8; 24]);
    let header = log.len() - 24;
    log[header..header + 4].copy_from_slice(&2u32.to_be_bytes());
    log.extend(&database(true)[512..1024]);
    fs::write(folder.path().join("db"), database(false)).unwrap();
    fs::write(folder.path().join("db-wal"), log).unwrap();
    let report = scan().folder(folder.path()).unwrap();
    assert!(report.leaks.iter().any(|leak| leak.container == Container::SqlitePages), "{report:?}");
}

#[test]
fn a_value_is_found_in_the_name_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("447700900123.html"), "nothing").unwrap();
    assert_eq!(scan().folder(folder.path()).unwrap().needles(), BTreeSet::from([0]));
}

#[test]
fn a_clean_folder_has_no_leaks_and_short_values_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let text = "abc abcdef +44 7700 900124 [PHONE:k7f3a9q2m4xtc] veltra nox example.org lunera";
    fs::write(folder.path().join("text"), text).unwrap();
    fs::write(folder.path().join("frame"), zstd::encode_all(text.as_bytes(), 3).unwrap()).unwrap();
    let report = scan().folder(folder.path()).unwrap();
    assert!(report.leaks.is_empty(), "{report:?}");
    assert_eq!((report.files, report.frames), (2, 1));
}

#[test]
fn what_cannot_be_read_is_no_clean_result() {
    assert!(matches!(scan().folder(Path::new("/no/such/folder")), Err(Error::File { .. })));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("meta.json"), "{}").unwrap();
    fs::write(folder.path().join(".managed.json"), "[]").unwrap();
    assert!(matches!(scan().folder(folder.path()), Err(Error::Index { .. })));
}

#[test]
fn every_value_of_a_site_is_found_in_its_own_pages_and_none_in_another_sites() {
    let (site, other) = (Site::generate(21, 120), Site::generate(22, 120));
    let scan = Scan::new(&Needle::all([&site]));
    let folder = tempfile::tempdir().unwrap();
    let write = |site: &Site, name: &str| {
        let folder = folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        for (number, canned) in site.pages.values().enumerate() {
            fs::write(folder.join(number.to_string()), &canned.body).unwrap();
        }
        folder
    };
    let found = scan.folder(&write(&site, "own")).unwrap().needles();
    // Values that stand behind character references are the only ones that bytes alone do not show.
    let hidden = site.planted.len() - found.len();
    assert!(hidden * 20 < site.planted.len(), "{hidden} of {} not found", site.planted.len());
    // The blocks of reserved numbers are small: what both sites happen to have is no false alarm.
    // Numbers of two areas may end in the same nine digits, which are looked for by themselves.
    let end = |canonical: &str| canonical.get(canonical.len().saturating_sub(9)..).map(str::to_owned);
    let shared = |needle: &usize| {
        other.planted.iter().any(|planted| end(&planted.canonical) == end(&site.planted[*needle].canonical))
    };
    let false_alarms: Vec<usize> =
        scan.folder(&write(&other, "other")).unwrap().needles().into_iter().filter(|needle| !shared(needle)).collect();
    let planted: Vec<_> = false_alarms.iter().map(|needle| &site.planted[*needle]).collect();
    assert!(planted.is_empty(), "{planted:?}");
}
