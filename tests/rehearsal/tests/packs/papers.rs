//! Reports in two forms: another program reads the PDF, and finds every word of the page in it, in the same order.

use std::path::Path;
use std::process::Command;

use super::accepts;

/// `report`: the path of both without their ends.
pub(super) fn the_pdf_says_what_the_page_says(report: &Path) {
    let pdf = report.with_extension("pdf");
    let page = std::fs::read_to_string(report.with_extension("html")).unwrap();
    let said = by_poppler("pdftotext", &["-raw", "-nopgbrk", "-enc", "UTF-8"], &pdf, &["-"]);
    // A page's foot has the title and a number; it stands between two halves of what goes on over a page.
    let title = text_of(page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap());
    let feet = |line: &&str| !line.starts_with(&format!("{title} · "));
    let said = without_spaces(&said.lines().filter(feet).collect::<String>());
    let (mut at, mut facts) = (0, 0);
    let body = page.split_once("<article").unwrap().1.split_once('>').unwrap().1;
    for piece in body.split('>').filter_map(|piece| piece.split('<').next()) {
        let fact = without_spaces(&text_of(piece));
        if !fact.is_empty() {
            let found = said[at..].find(&fact).unwrap_or_else(|| panic!("{pdf:?} does not say {piece:?} here"));
            (at, facts) = (at + found + fact.len(), facts + 1);
        }
    }
    assert!(facts > 100, "{facts} facts");
    let about = by_poppler("pdfinfo", &[], &pdf, &[]);
    for line in ["Tagged:          yes", "JavaScript:      no", "PDF version:     1.7"] {
        assert!(about.contains(line), "{line}: {about}");
    }
    let fonts = by_poppler("pdffonts", &[], &pdf, &[]);
    let embedded = |line: &str| line.contains(" yes yes yes ");
    assert!(fonts.lines().skip(2).count() > 0 && fonts.lines().skip(2).all(embedded), "{fonts}");
    assert!(accepts(Command::new("pdftoppm").args(["-r", "20", "-png", "-l", "1"]).arg(&pdf).arg(report)));
}

fn by_poppler(program: &str, before: &[&str], pdf: &Path, after: &[&str]) -> String {
    let ran = Command::new(program).args(before).arg(pdf).args(after).output().unwrap();
    assert!(ran.status.success(), "poppler-utils is installed: `cargo xtask test` does so; {ran:?}");
    String::from_utf8(ran.stdout).unwrap()
}

fn text_of(markup: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#13;", "\r"), ("&amp;", "&")]
        .iter()
        .fold(markup.to_owned(), |text, (reference, character)| text.replace(reference, character))
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
