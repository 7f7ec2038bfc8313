//! A report as a tagged PDF 1.7 (ISO 32000-1, section 14.8): headings, lists, tables and languages are told apart, so that it can be read
//! aloud; fonts are inside; nothing comes from elsewhere and nothing runs.
//!
//! Deliberately absent: a claim of PDF/A or PDF/UA, which no program here could judge.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{
    ArtifactType, CidFontType, FontFlags, ListNumbering, StructRole, SystemInfo, TableHeaderScope, UnicodeCmap,
};
use pdf_writer::writers::StructElement;
use pdf_writer::{Content, Date, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::Paper;
use super::layout::{Child, Faces, Mark, PAGE, Place, Sheets, Tag, set};
use super::type_face::{Face, Used};
use crate::Error;

/// How characters are numbered: by the glyphs of the font itself.
const IDENTITY: SystemInfo<'_> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Numbers of objects.
struct Numbers(i32);

impl Numbers {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }

    fn many(&mut self, count: usize) -> Vec<Ref> {
        (0..count).map(|_| self.next()).collect()
    }
}

/// A report as PDF; the same report is the same bytes.
pub(crate) fn pdf(paper: &Paper) -> Result<Vec<u8>, Error> {
    let faces = Faces { regular: Face::regular()?, bold: Face::bold()? };
    let sheets = set(paper, &faces);
    let mut numbers = Numbers(0);
    let (catalog, tree, list, fonts) = (numbers.next(), numbers.next(), numbers.next(), numbers.many(2));
    let (pages, groups) = (numbers.many(sheets.pages.len()), numbers.many(sheets.groups.len()));
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);

    let (mut used, mut leaves) = ([Used::default(), Used::default()], vec![(0, 0); sheets.leaves]);
    for (number, (marks, id)) in sheets.pages.iter().zip(&pages).enumerate() {
        let drawn = draw(&faces, &mut used, marks, number, &mut leaves);
        let content = numbers.next();
        pdf.stream(content, &zipped(&drawn)?).filter(Filter::FlateDecode);
        let mut page = pdf.page(*id);
        page.parent(list).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(content);
        page.struct_parents(i32::try_from(number).unwrap_or(i32::MAX));
        page.resources().fonts().pair(Name(b"F0"), fonts[0]).pair(Name(b"F1"), fonts[1]);
    }
    let kids = pages.iter().copied();
    pdf.pages(list).kids(kids).count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    for ((face, used), id) in [&faces.regular, &faces.bold].into_iter().zip(&used).zip(&fonts) {
        embed(&mut pdf, &mut numbers, face, used, *id)?;
    }
    structure(&mut pdf, &mut numbers, &sheets, &leaves, tree, &pages, &groups);
    let outline = outline(&mut pdf, &mut numbers, &sheets.outline, &pages);

    let language = paper.parts.first().map_or("en", |part| part.language);
    let mut root = pdf.catalog(catalog);
    root.pages(list).lang(TextStr(language));
    root.viewer_preferences().display_doc_title(true);
    root.mark_info().marked(true);
    root.pair(Name(b"StructTreeRoot"), tree);
    if let Some(outline) = outline {
        root.outlines(outline);
    }
    root.finish();
    let mut about = pdf.document_info(numbers.next());
    about.title(TextStr(&paper.title)).creator(TextStr(&paper.tool)).producer(TextStr(&paper.tool));
    if let Some(date) = date(paper) {
        about.creation_date(date);
    }
    about.finish();
    Ok(pdf.finish())
}

/// A page's marks; says of each leaf on which page it stands, and as which piece of it.
fn draw(faces: &Faces, used: &mut [Used; 2], marks: &[Mark], page: usize, leaves: &mut [(usize, i32)]) -> Vec<u8> {
    let (mut content, mut pieces) = (Content::new(), 0);
    for mark in marks {
        match mark {
            Mark::Text { x, y, size, bold, text, leaf } => {
                match leaf.and_then(|leaf| leaves.get_mut(leaf)) {
                    Some(place) => {
                        *place = (page, pieces);
                        let mut marked = content.begin_marked_content_with_properties(Name(b"Span"));
                        marked.properties().identify(pieces);
                        pieces += 1;
                    }
                    None => furniture(&mut content),
                }
                let font = usize::from(*bold);
                let encoded = faces.of(*bold).encoded(text, &mut used[font]);
                content.begin_text().set_font(Name([b"F0", b"F1"][font]), *size);
                content.set_text_matrix([1.0, 0.0, 0.0, 1.0, *x, PAGE.1 - y]).show(Str(&encoded)).end_text();
                content.end_marked_content();
            }
            Mark::Fill { x, y, width, height, grey } => {
                furniture(&mut content);
                content.set_fill_gray(*grey).rect(*x, PAGE.1 - y - height, *width, *height).fill_nonzero();
                content.set_fill_gray(0.0).end_marked_content();
            }
        }
    }
    content.finish().into_vec()
}

fn furniture(content: &mut Content) {
    let mut marked = content.begin_marked_content_with_properties(Name(b"Artifact"));
    marked.properties().artifact().kind(ArtifactType::Layout);
}

/// A face, with the glyphs that are used of it alone, and the characters that they stand for.
fn embed(pdf: &mut Pdf, numbers: &mut Numbers, face: &Face, used: &Used, id: Ref) -> Result<(), Error> {
    let subset = subsetter::subset(face.bytes, 0, &used.glyphs);
    let subset = subset.map_err(|_| Error::Pdf("the font that is compiled in could not be cut down"))?;
    // Six letters before the name say that this is a part of the font (ISO 32000-1, section 9.6.4).
    let hash = blake3::hash(&subset);
    let tag: String = hash.as_bytes()[..6].iter().map(|byte| char::from(b'A' + byte % 26)).collect();
    let weight = if face.font.is_bold() { "-Bold" } else { "" };
    let name = format!("{tag}+DejaVuSansCondensed{weight}");
    let (cid, about, file, letters) = (numbers.next(), numbers.next(), numbers.next(), numbers.next());

    let mut font = pdf.type0_font(id);
    font.base_font(Name(name.as_bytes())).encoding_predefined(Name(b"Identity-H"));
    font.descendant_font(cid).to_unicode(letters);
    font.finish();
    let mut font = pdf.cid_font(cid);
    font.subtype(CidFontType::Type2).base_font(Name(name.as_bytes())).system_info(IDENTITY);
    font.font_descriptor(about).default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
    font.widths().consecutive(1, used.letters.iter().map(|(_, width)| *width));
    font.finish();

    let scale = 1_000.0 / f32::from(face.font.units_per_em());
    let scaled = |units: i16| f32::from(units) * scale;
    let bounds = face.font.global_bounding_box();
    let mut font = pdf.font_descriptor(about);
    font.name(Name(name.as_bytes())).flags(FontFlags::SYMBOLIC).italic_angle(0.0).stem_v(80.0);
    font.bbox(Rect::new(scaled(bounds.x_min), scaled(bounds.y_min), scaled(bounds.x_max), scaled(bounds.y_max)));
    font.ascent(scaled(face.font.ascender())).descent(scaled(face.font.descender()));
    font.cap_height(scaled(face.font.capital_height().unwrap_or_else(|| face.font.ascender())));
    font.font_file2(file);
    font.finish();
    let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
    pdf.stream(file, &zipped(&subset)?).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);

    let mut map = UnicodeCmap::new(Name(b"Letters"), IDENTITY);
    for ((letter, _), number) in used.letters.iter().zip(1_u16..) {
        map.pair(number, *letter);
    }
    pdf.stream(letters, &zipped(&map.finish().into_vec())?).filter(Filter::FlateDecode);
    Ok(())
}

/// The tree that says what each piece of text is, and the way back to it from each page.
fn structure(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    sheets: &Sheets,
    leaves: &[(usize, i32)],
    tree: Ref,
    pages: &[Ref],
    groups: &[Ref],
) {
    let document = numbers.next();
    let mut parents = vec![document; groups.len()];
    let mut on_page: Vec<Vec<Ref>> = vec![Vec::new(); pages.len()];
    for ((_, children), id) in sheets.groups.iter().zip(groups) {
        for child in children {
            match child {
                Child::Group(number) => parents[*number] = *id,
                Child::Leaf(leaf) => {
                    // Leaves are numbered as they are drawn, but not group by group: each takes its own place.
                    let (page, piece) = leaves[*leaf];
                    let place = usize::try_from(piece).unwrap_or_default();
                    if on_page[page].len() <= place {
                        on_page[page].resize(place + 1, *id);
                    }
                    on_page[page][place] = *id;
                }
            }
        }
    }
    for (((tag, children), id), parent) in sheets.groups.iter().zip(groups).zip(&parents) {
        let mut element = pdf.struct_element(*id);
        element.parent(*parent);
        kind(&mut element, *tag);
        let mut kids = element.children();
        for child in children {
            match child {
                Child::Group(number) => {
                    kids.struct_element(groups[*number]);
                }
                Child::Leaf(leaf) => {
                    let (page, piece) = leaves[*leaf];
                    kids.marked_content_ref().page(pages[page]).marked_content_id(piece);
                }
            }
        }
    }
    let mut element = pdf.struct_element(document);
    element.kind(StructRole::Document).parent(tree);
    let mut kids = element.children();
    for root in &sheets.roots {
        kids.struct_element(groups[*root]);
    }
    kids.finish();
    element.finish();

    let lists = numbers.many(pages.len());
    for (list, parents) in lists.iter().zip(&on_page) {
        pdf.indirect(*list).array().items(parents.iter().copied());
    }
    let mut root = pdf.indirect(tree).start::<pdf_writer::writers::StructTreeRoot<'_>>();
    root.child(document);
    {
        let mut back = root.parent_tree();
        let mut back = back.nums();
        for (list, number) in lists.iter().zip(0..) {
            back.insert(number, *list);
        }
    }
    root.parent_tree_next_key(i32::try_from(pages.len()).unwrap_or(i32::MAX));
}

fn kind(element: &mut StructElement<'_>, tag: Tag) {
    let head = |element: &mut StructElement<'_>, scope| {
        element.kind(StructRole::TH);
        element.attributes().push().table().scope(scope);
    };
    match tag {
        Tag::Part(language) => {
            element.kind(StructRole::Part).lang(TextStr(language));
        }
        Tag::Heading(1) => {
            element.kind(StructRole::H1);
        }
        Tag::Heading(2) => {
            element.kind(StructRole::H2);
        }
        Tag::Heading(_) => {
            element.kind(StructRole::H3);
        }
        Tag::List => {
            element.kind(StructRole::L);
            element.attributes().push().list().list_numbering(ListNumbering::Disc);
        }
        Tag::ColumnHead => head(element, TableHeaderScope::Column),
        Tag::RowHead => head(element, TableHeaderScope::Row),
        Tag::Paragraph => drop(element.kind(StructRole::P)),
        Tag::Item => drop(element.kind(StructRole::LI)),
        Tag::Bullet => drop(element.kind(StructRole::Lbl)),
        Tag::ItemBody => drop(element.kind(StructRole::LBody)),
        Tag::Table => drop(element.kind(StructRole::Table)),
        Tag::Row => drop(element.kind(StructRole::TR)),
        Tag::Cell => drop(element.kind(StructRole::TD)),
    }
}

/// Headings of the first and second level, in a row.
fn outline(pdf: &mut Pdf, numbers: &mut Numbers, places: &[Place], pages: &[Ref]) -> Option<Ref> {
    let shown: Vec<&Place> = places.iter().filter(|(level, ..)| *level < 3).collect();
    let (outline, items) = (numbers.next(), numbers.many(shown.len()));
    let (first, last) = (*items.first()?, *items.last()?);
    pdf.outline(outline).first(first).last(last).count(i32::try_from(items.len()).unwrap_or(i32::MAX));
    for ((_, text, page, y), at) in shown.into_iter().zip(0_usize..) {
        let mut item = pdf.outline_item(items[at]);
        item.title(TextStr(text)).parent(outline);
        if let Some(before) = at.checked_sub(1) {
            item.prev(items[before]);
        }
        if let Some(next) = items.get(at + 1) {
            item.next(*next);
        }
        item.dest().page(pages[*page]).xyz(0.0, PAGE.1 - y, None);
    }
    Some(outline)
}

fn zipped(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut zip = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::default());
    zip.write_all(bytes).and_then(|()| zip.finish()).map_err(|_| Error::Pdf("a page could not be compressed"))
}

/// `2026-11-27T16:00:00.000Z`, in its pieces.
fn date(paper: &Paper) -> Option<Date> {
    let text = paper.made.to_string();
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize| number(from, from + 2).and_then(|number| u8::try_from(number).ok());
    let date = Date::new(number(0, 4)?).month(small(5)?).day(small(8)?);
    Some(date.hour(small(11)?).minute(small(14)?).second(small(17)?).utc_offset_hour(0).utc_offset_minute(0))
}
