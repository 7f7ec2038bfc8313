//! What links say, and what they are called, in the languages that forums and boards are written in.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// "Next", "next page" and the like, and nothing else.
    Next,
    /// It begins with such a word and goes on shortly.
    NextAndMore,
    /// A sign that points forward.
    Arrow,
    /// "Previous", "first", "last", or a sign that points back.
    Previous,
    /// The next thread, article, month, picture: not the next page of this.
    OtherThing,
    /// A number.
    Number(u64),
    /// Some other words.
    Words,
    /// More than a label.
    Sentence,
    /// Nothing.
    Nothing,
}

/// What a link is called in the markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Called {
    Next,
    Previous,
    /// The first or last of something: styles call the ends of a row so, whatever stands there.
    End,
    /// A part of something that shows one thing after the other: pictures, months.
    Elsewhere,
    Nothing,
}

/// The words of a list that is written with a bar between them.
fn words_of(list: &'static str) -> HashSet<&'static str> {
    list.split('|').collect()
}

/// Words for "next", and for what stands further back in a list that begins with the newest.
static NEXT: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words_of(
        "next|next page|continued|next posts|next entries|next results|nextpage|forward|go to next page|show next|\
         older|older posts|older entries|more results|see more results|show more|load more|siguiente|\
         página siguiente|siguientes|próxima|próximo|próximos|entradas antiguas|entradas anteriores|próxima página|\
         seguinte|página seguinte|avançar|suivant|suivante|suivants|page suivante|articles plus anciens|\
         articles précédents|weiter|nächste|nächste seite|nächster|vor|vorwärts|ältere beiträge|ältere einträge|\
         successivo|successiva|successivi|pagina successiva|avanti|prossima|prossimo|prossima pagina|volgende|\
         volgende pagina|verder|następna|następny|następne|dalej|następna strona|starsze wpisy|următoarea|următorul|\
         următor|pagina următoare|înainte|urmatoarea|urmatorul|inainte|след|след.|следующая|следующая страница|\
         следующий|следующие|вперед|вперёд|далее|дальше|туда|старые записи|более старые|предыдущие записи|наступна|\
         наступна сторінка|далі|следваща|напред|следваща страница|sledeća|sljedeća|sledeca|следећа|naprej|naslednja|\
         další|další stránka|dalsi|starší příspěvky|ďalší|ďalšia|ďalej|következő|következő oldal|tovább|sonraki|\
         sonraki sayfa|ileri|επόμενη|επόμενο|επόμενα|επόμενη σελίδα|nästa|nästa sida|neste|neste side|næste|\
         næste side|seuraava|seuraava sivu|järgmine|nākamā|kitas|toliau|التالي|التالية|الصفحة التالية|הבא|הבאה|\
         העמוד הבא|بعدی|صفحه بعد|अगला|次へ|次|次のページ|次ページ|つぎへ|下一页|下一頁|下页|下頁|后一页|다음|다음 페이지|ถัดไป|หน้าถัดไป|trang sau|tiếp|\
         tiếp theo|sau|selanjutnya|berikutnya|berikut|seterusnya|tjetra|hurrengoa|següent|pàgina següent|tiếp »",
    )
});

static PREVIOUS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words_of(
        "prev|previous|previous page|back|first|last|first page|last page|anterior|anteriores|atrás|primera|última|\
         último|primero|précédent|précédente|première|dernière|dernier|retour|zurück|vorherige|vorige|erste|letzte|\
         erste seite|letzte seite|precedente|indietro|prima|ultima|primo|ultimo|vorig|eerste|laatste|poprzednia|\
         poprzedni|wstecz|pierwsza|ostatnia|anteriorul|anterioara|înapoi|prec|пред|предыдущая|предыдущая страница|\
         назад|первая|последняя|в начало|в конец|попередня|перша|остання|předchozí|první|poslední|predchádzajúci|\
         előző|első|utolsó|önceki|geri|ilk|son|προηγούμενη|πρώτη|τελευταία|föregående|första|sista|forrige|første|\
         siste|sidste|edellinen|السابق|הקודם|上一页|上一頁|首页|末页|尾页|前へ|前のページ|最後|最初|이전|start|end|fine|inizio|ende|anfang",
    )
});

/// What stands nearer to the front of a list that begins with the newest. Which way that is, the page says by its arrow.
static NEWER: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words_of(
        "newer|newer posts|newer entries|newer post|newer articles|neuere beiträge|neuere artikel|\
         entradas más recientes|entradas siguientes|articles plus récents|articoli più recenti|nuovi articoli|\
         nowsze wpisy|новые записи|новіші записи|novější příspěvky|nyere innlegg|nyare inlägg|nieuwere berichten|\
         新しい投稿|新しい記事",
    )
});

/// Words after which "next" is about something else.
static OTHER_THINGS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words_of(
        "thread|topic|article|story|month|week|day|year|image|photo|picture|slide|step|chapter|episode|product|post|\
         thema|artikel|monat|bild|tema|mes|sujet|mois|тема|месяц|статья|unread|new post|level|event",
    )
});

/// Lower case, white space collapsed.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(256));
    for word in text.split_whitespace() {
        if out.len() > super::MAX_TEXT_BYTES {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            let from = out.len();
            out.push_str(word);
            out[from..].make_ascii_lowercase();
        } else {
            out.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
    out
}

/// What a text in plain form says.
pub(super) fn said(text: &str) -> Said {
    let sign = |c: char| !c.is_alphanumeric() && !matches!(c, '\u{300}'..='\u{36f}') || matches!(c, 'ˆ');
    let words = text.trim_matches(sign);
    if words.is_empty() {
        return arrow(text);
    }
    if let Ok(number) = words.parse() {
        return Said::Number(number);
    }
    if NEXT.contains(words) {
        return if points_back(text) && !points_forward(text) { Said::NextAndMore } else { Said::Next };
    }
    if PREVIOUS.contains(words) {
        return Said::Previous;
    }
    if NEWER.contains(words) {
        return if points_forward(text) { Said::Next } else { Said::Previous };
    }
    let length = words.chars().count();
    let first = words.split(sign).next().unwrap_or_default();
    let rest = words.get(first.len()..).unwrap_or_default();
    if matches!(first, "prev" | "previous" | "vorherige" | "précédent" | "предыдущая" | "anterior") {
        return Said::Previous;
    }
    let next = NEXT.contains(first) && !matches!(first, "vor" | "son" | "sau" | "show" | "more");
    if next && length <= 40 {
        let about = |thing: &str| rest.split(sign).any(|word| word == thing);
        return if OTHER_THINGS.iter().any(|thing| about(thing)) { Said::OtherThing } else { Said::NextAndMore };
    }
    if length > 30 { Said::Sentence } else { Said::Words }
}

fn points_forward(text: &str) -> bool {
    text.contains([
        '>', '›', '»', '→', '▶', '►', '⇒', '⟩', '❯', '➔', '➜', '➡', '〉', '⏩', '▸', '\u{f105}', '\u{f054}', '\u{f061}',
    ])
}

fn points_back(text: &str) -> bool {
    text.contains([
        '<', '‹', '«', '←', '◀', '◄', '⇐', '⟨', '❮', '⬅', '〈', '⏪', '◂', '\u{f104}', '\u{f053}', '\u{f060}',
    ])
}

fn arrow(text: &str) -> Said {
    match (points_forward(text), points_back(text)) {
        _ if text.is_empty() => Said::Nothing,
        // Two of them, or one against a bar, lead to the end.
        (true, false) if text.contains(['|', '⏭']) => Said::Previous,
        (true, false) => Said::Arrow,
        (false, true) => Said::Previous,
        _ => Said::Words,
    }
}

/// What the names in the markup of a link say.
pub(super) fn called(names: &str) -> Called {
    let names = names.to_ascii_lowercase();
    let elsewhere = [
        "carousel",
        "slide",
        "slick",
        "swiper",
        "owl-",
        "bx-",
        "flex-",
        "lightbox",
        "calendar",
        "datepicker",
        "ticker",
    ];
    if elsewhere.iter().any(|word| names.contains(word)) {
        return Called::Elsewhere;
    }
    let next =
        names.match_indices("next").any(|(at, _)| !names[..at].ends_with("con") && !names[at..].starts_with("nextend"));
    let next = next
        || ["chevron-right", "arrow-right", "angle-right", "caret-right", "icon-right"]
            .iter()
            .any(|icon| names.contains(icon));
    let next = next
        || words(&names).any(|word| {
            matches!(word, "nxt" | "forward" | "fwd" | "older" | "suivant" | "siguiente" | "weiter" | "volgende")
        });
    let previous = words(&names)
        .any(|word| word.starts_with("prev") && !word.contains("next") || matches!(word, "back" | "newer"));
    let previous = previous
        || ["chevron-left", "arrow-left", "angle-left", "caret-left", "icon-left"]
            .iter()
            .any(|icon| names.contains(icon));
    match (next, previous) {
        (true, false) => Called::Next,
        (false, true) => Called::Previous,
        (false, false) if words(&names).any(|word| matches!(word, "first" | "last" | "disabled")) => Called::End,
        _ => Called::Nothing,
    }
}

/// Whether a name or role of an element is that of a pager.
pub(super) fn names_pager(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "pagin",
        "pager",
        "pagenav",
        "page-nav",
        "page_nav",
        "pagelink",
        "pages",
        "paging",
        "nav-links",
        "navigation-links",
        "nav-below",
        "nav-above",
        "pagebar",
        "pagejump",
    ]
    .iter()
    .any(|word| name.contains(word))
}

fn words(names: &str) -> impl Iterator<Item = &str> {
    names.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_says_two_things() {
        assert!(NEXT.is_disjoint(&PREVIOUS) && NEXT.is_disjoint(&NEWER) && PREVIOUS.is_disjoint(&NEWER));
        assert!([&*NEXT, &PREVIOUS, &NEWER].into_iter().flatten().all(|word| *word == plain(word)));
    }

    #[test]
    fn what_labels_say() {
        for (text, expected) in [
            ("next", Said::Next),
            ("next »", Said::Next),
            ("› ›", Said::Arrow),
            ("« prev", Said::Previous),
            ("next topic", Said::OtherThing),
            ("17", Said::Number(17)),
            ("newer posts →", Said::Next),
            ("← newer posts", Said::Previous),
            ("", Said::Nothing),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
