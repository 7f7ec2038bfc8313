//! Each stage takes the one before by value: a page that was parsed is no longer there to be fetched, kept or parsed again.

fn twice(page: page::FetchedPage, profiles: &page::Profiles) -> (page::ParsedPage, page::ParsedPage) {
    (page::parse(page, profiles), page::parse(page, profiles))
}

fn main() {}
