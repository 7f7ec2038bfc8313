//! Pagers as forums and boards write them, and what only looks like one.

use super::*;

/// Where the links that were found lead, without the host.
fn found(own: &str, html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let own = format!("http://board.example{own}");
    let links = next_links(&document, &own);
    let mut out: Vec<_> = elements(&document, "a")
        .filter(|link| links.contains(&link.id()))
        .map(|link| link.attr("href").unwrap().to_owned())
        .collect();
    out.dedup();
    out
}

/// A page's own address, its pager, and where the next page is.
const PAGERS: &[(&str, &str, &str)] = &[
    (
        "/t/7",
        "<div class=pages><b>1</b> <a href='/t/7?page=2'>2</a> <a href='/t/7?page=3'>3</a> <a href='/t/7?page=2'>Next</a></div>",
        "/t/7?page=2",
    ),
    (
        "/t/7?page=2",
        "<div><a href='/t/7'>Prev</a> <a href='/t/7'>1</a> <b>2</b> <a href='/t/7?page=3'>3</a> <a href='/t/7?page=3'>Next &gt;</a></div>",
        "/t/7?page=3",
    ),
    (
        "/b/sale.html",
        "<ul class=pagination><li>1<li><a href='/b/sale-2.html'>2</a><li><a href='/b/sale-3.html'>3</a><li><a href='/b/sale-2.html'>&raquo;</a></ul>",
        "/b/sale-2.html",
    ),
    (
        "/forum/f5",
        "<div class=pagelinks>[1] <a href='/forum/f5-20'>2</a> <a href='/forum/f5-40'>3</a> <a href='/forum/f5-20'>&gt;</a> <a href='/forum/f5-400'>&gt;&gt;|</a></div>",
        "/forum/f5-20",
    ),
    (
        "/index.php?board=1.0",
        "<a href='/index.php?board=1.20'><span class='icon next'></span>Следующая</a>",
        "/index.php?board=1.20",
    ),
    (
        "/anzeigen?seite=3",
        "<a rel=prev href='/anzeigen?seite=2'>zurück</a><a rel=next href='/anzeigen?seite=4'>weiter</a>",
        "/anzeigen?seite=4",
    ),
    (
        "/avisos/",
        "<p class=pager><a href='/avisos/'>1</a> <a href='/avisos/2/'>2</a> <a class=siguiente href='/avisos/2/'>Siguiente »</a>",
        "/avisos/2/",
    ),
    (
        "/annonces?p=2",
        "<nav class=paging><a href='/annonces?p=1'>Précédent</a><a href='/annonces?p=3'>Suivant</a></nav>",
        "/annonces?p=3",
    ),
    (
        "/ogloszenia",
        "<div class='nav-links'><span>1</span><a href='/ogloszenia/page/2'>2</a><a class='next page-numbers' href='/ogloszenia/page/2'>Następna</a></div>",
        "/ogloszenia/page/2",
    ),
    ("/anunturi/", "<div class=paginate><a href='/anunturi/2'>Pagina următoare</a></div>", "/anunturi/2"),
    (
        "/lista",
        "<ul class=pager><li>1<li><a href='/lista?start=10' title='Pagina successiva'>&gt;</a><li><a href='/lista?start=90' title=Ultima>&gt;|</a></ul>",
        "/lista?start=10",
    ),
    (
        "/list.php",
        "<div class=pg><strong>1</strong><a href='list.php?page=2'>2</a><a href='list.php?page=3'>3</a><a class=nxt href='list.php?page=2'>下一页</a></div>",
        "list.php?page=2",
    ),
    (
        "/board/9?page=4",
        "<table><tr><td class=pagenav><a href='/board/9?page=3'>&lt;</a> <a href='/board/9?page=5'><img src=/i/next.gif alt=''></a></table>",
        "/board/9?page=5",
    ),
    (
        "/ilanlar",
        "<div class=sayfalar><a href='/ilanlar?sayfa=2'>2</a><a href='/ilanlar?sayfa=3'>3</a><a href='/ilanlar?sayfa=2'>Sonraki</a></div>",
        "/ilanlar?sayfa=2",
    ),
    (
        "/aggelies",
        "<div class=pages>1 <a href='/aggelies?page=2'>2</a> <a href='/aggelies?page=2'>Επόμενη σελίδα</a></div>",
        "/aggelies?page=2",
    ),
    (
        "/notices",
        "<a class='btn disabled' href='/notices?page=1'><i class=icon-chevron-left></i></a><a href='/notices?page=2'>2</a><a href='/notices?page=3'>3</a><a href='/notices?page=2'><i class=icon-chevron-right></i></a>",
        "/notices?page=2",
    ),
    (
        "/item/list",
        "<div id=pager><a aria-label='Next page' href='/item/list?offset=30'></a></div>",
        "/item/list?offset=30",
    ),
    (
        "/t/7?sid=0123456789abcdef0123",
        "<div class=pagination><a href='/t/7?page=2'>2</a> <a href='/t/7?page=3'>3</a> <a href='/t/7?page=2'>&rarr;</a></div>",
        "/t/7?page=2",
    ),
    (
        "/annunci",
        "<a href='/annunci?limit=50'>50</a> <a href='/annunci?limit=100'>100</a><div class=pages><a href='/annunci?p=2'>2</a><a href='/annunci?p=3'>3</a><a href='/annunci?p=2'>avanti</a></div>",
        "/annunci?p=2",
    ),
    ("/ads", "<a href='/ads?page=2'>次へ</a>", "/ads?page=2"),
];

/// What is no pager, whatever it is called.
const OTHERS: &[(&str, &str)] = &[
    ("/t/7", "<a href='/t/8'>next thread</a> <a href='/t/6'>previous thread</a>"),
    ("/t/7", "<a rel=next href='/blog/rooms-by-the-harbour'>Rooms by the harbour are let again from next week on</a>"),
    ("/blog/2026/11", "<table id=calendar_wrap class=calendar><tr><td><a href='/blog/2026/12'>Dec &raquo;</a></table>"),
    ("/ad/5", "<div class=carousel><a class=carousel-next href='/ad/5/photo/2'>&rsaquo;</a></div>"),
    ("/t/7", "<a href='http://other.example/page/2'>Next</a>"),
    ("/t/7", "<a href='#next'>Next</a><a href='javascript:next()'>Next</a>"),
    ("/", "<ul class=nav><li><a href='/a'>One &raquo;</a><li><a href='/b'>Two &raquo;</a></ul>"),
    ("/ads?limit=15", "<a href='/ads?limit=30'>30</a><a href='/ads?limit=60'>60</a>"),
    (
        "/t/7?page=3",
        "<div class=pages><a href='/t/7?page=1'>1</a><a href='/t/7?page=2'>2</a><b>3</b> <a href='/t/7?page=2'>&laquo; back</a></div>",
    ),
];

#[test]
fn the_next_page_is_found_however_it_is_written() {
    for (own, html, next) in PAGERS {
        assert_eq!(found(own, html), [*next], "{own}: {html}");
    }
}

#[test]
fn what_is_no_pager_is_not_taken_for_one() {
    for (own, html) in OTHERS {
        assert_eq!(found(own, html), Vec::<String>::new(), "{own}: {html}");
    }
}

#[test]
fn two_lists_of_one_page_have_a_next_page_each() {
    let pager = |name: &str| {
        format!(
            "<div class=pages>1 <a href='/{name}?page=2'>2</a> <a href='/{name}?page=3'>3</a> <a href='/{name}?page=2'>&gt;</a></div>"
        )
    };
    let html = format!("{}{}", pager("newest"), pager("best"));
    assert_eq!(found("/", &html), ["/newest?page=2", "/best?page=2"]);
}
