//! Advertisement boards: Osclass with its bender theme, and one of no known engine.

use super::{Ad, Page, document, hrefs};
use crate::site::html::escape;

fn price(ad: &Ad) -> String {
    match ad.currency.0 {
        "£" => format!("£{}", ad.price),
        sign => format!("{} {sign}", ad.price),
    }
}

fn osclass_path(id: u32) -> String {
    format!("/index.php?page=item&id={id}")
}

pub(super) fn osclass(ad: &Ad) -> Page {
    let never: Vec<_> = [
        "/index.php?page=login",
        "/index.php?page=item&action=send_friend&id=7",
        "/index.php?page=main&action=logout",
        "/user/profile",
        "/index.php?page=contact",
    ]
    .map(str::to_owned)
    .into();
    let content = format!(
        "<div class=\"wrapper\" id=\"header\">{}</div><div class=\"wrapper wrapper-flash\"><ul class=\"breadcrumb\"><li class=\"first-child\"><a href=\"/\">Board</a></li><li><a href=\"/index.php?page=search&amp;sCategory=3\">{section}</a></li><li class=\"last-child\">» {title}</li></ul></div><div class=\"wrapper\" id=\"content\"><div id=\"main\"><div id=\"item-content\"><h1><span class=\"price\">{price}</span> <strong>{title}</strong></h1><div class=\"item-header\"><div><strong class=\"publish\">Published date: {}</strong></div><div><ul id=\"item_location\"><li>Location: <strong>{place}</strong></li></ul></div></div><div id=\"description\"><p>{}</p></div></div></div><div id=\"sidebar\"><p class=\"x\">by someone</p></div></div>",
        hrefs(&never),
        ad.at.european(),
        escape(&ad.body),
        section = escape(&ad.section),
        title = escape(&ad.title),
        price = escape(&price(ad)),
        place = escape(&ad.place),
    );
    Page {
        path: osclass_path(ad.id),
        html: document(
            "lang=\"en-US\"",
            &ad.title,
            "<meta name=\"generator\" content=\"Osclass 8.2.1\">",
            "class=\"has-no-js item\"",
            &content,
        ),
        next: None,
        leads_to: Vec::new(),
        never,
    }
}

pub(super) fn osclass_list(ads: &[Ad]) -> Page {
    let leads_to: Vec<_> = ads.iter().map(|ad| osclass_path(ad.id)).collect();
    let next = "/index.php?page=search&sCategory=3&iPage=2".to_owned();
    let rows: String = ads
        .iter()
        .zip(&leads_to)
        .map(|(ad, path)| {
            format!(
                "<li class=\"listing-card first\"><div class=\"listing-detail\"><div class=\"listing-cell\"><div class=\"listing-data\"><div class=\"listing-basicinfo\"><a href=\"{}\" class=\"title\" title=\"x\">{}</a><div class=\"listing-attributes\"><span class=\"category\">{}</span> - <span class=\"location\">{}</span> <span class=\"g-hide\">-</span> {}<span class=\"currency-value\">{}</span></div></div></div></div></div></li>\n",
                escape(path), escape(&ad.title), escape(&ad.section), escape(&ad.place), "", escape(&price(ad))
            )
        })
        .collect();
    let content = format!(
        "<div id=\"main\"><h1 class=\"search-title\">{}</h1><ul class=\"listing-card-list listings_list\" id=\"listing-card-list\">{rows}</ul><div class=\"paginate\"><ul><li><span class=\"searchPaginationSelected first\">1</span></li><li><a class=\"searchPaginationNonSelected\" href=\"{next}\">2</a></li><li><a class=\"searchPaginationNext list-last\" href=\"{next}\">&gt;</a></li></ul></div></div>",
        escape(&ads[0].section),
        next = escape(&next)
    );
    Page {
        path: "/index.php?page=search&sCategory=3".to_owned(),
        html: document("", "list", "<meta name=\"generator\" content=\"Osclass 8.2.1\">", "class=\"search\"", &content),
        next: Some(next),
        leads_to,
        never: Vec::new(),
    }
}

pub(super) fn generic(ad: &Ad) -> Page {
    let never: Vec<_> =
        ["/logout", "/favourites/add/7", "/report/7", "/post-ad", "/ads?sort=price"].map(str::to_owned).into();
    let content = format!(
        "<nav><ol class=\"breadcrumb\"><li><a href=\"/\">Board</a></li><li><a href=\"/category/3\">{section}</a></li><li>{title}</li></ol></nav>{}<article class=\"ad-detail\" itemscope itemtype=\"https://schema.org/Product\"><h1 class=\"ad-title\" itemprop=\"name\">{title}</h1><p class=\"ad-price\"><span itemprop=\"price\">{price}</span></p><p class=\"ad-location\">{place}</p><time class=\"ad-date\">{date}</time><p>by <span class=\"seller-name\">{seller}</span></p><div class=\"ad-description\" itemprop=\"description\">{body}</div></article>",
        hrefs(&never),
        section = escape(&ad.section),
        title = escape(&ad.title),
        price = escape(&price(ad)),
        place = escape(&ad.place),
        date = ad.at.short(),
        seller = escape(&ad.seller),
        body = escape(&ad.body),
    );
    Page {
        path: format!("/ad/{}", ad.id),
        html: document("lang=\"en\"", &ad.title, "", "", &content),
        next: None,
        leads_to: Vec::new(),
        never,
    }
}

pub(super) fn generic_list(ads: &[Ad]) -> Page {
    let leads_to: Vec<_> = ads.iter().map(|ad| format!("/ad/{}", ad.id)).collect();
    let rows: String = ads
        .iter()
        .zip(&leads_to)
        .map(|(ad, path)| {
            format!(
                "<li class=\"ad\"><h2><a class=\"ad-title\" href=\"{path}\">{}</a></h2><span class=\"ad-price\">{}</span><span class=\"ad-location\">{}</span><time class=\"ad-date\">{}</time></li>\n",
                escape(&ad.title), escape(&price(ad)), escape(&ad.place), ad.at.short()
            )
        })
        .collect();
    let content = format!(
        "<ol class=\"breadcrumb\"><li><a href=\"/\">Board</a></li><li>{}</li></ol><ul class=\"ad-list\">{rows}</ul><div class=\"pagination\"><a class=\"next\" href=\"/category/3?page=2\">Next</a></div>",
        escape(&ads[0].section)
    );
    Page {
        path: "/category/3".to_owned(),
        html: document("", "list", "", "", &content),
        next: Some("/category/3?page=2".to_owned()),
        leads_to,
        never: Vec::new(),
    }
}
