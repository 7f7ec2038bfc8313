//! No search without a permit: the searcher wants a licence and takes nothing in its place.

fn search(searcher: &search::Searcher, query: &search::Query) {
    let _hits = searcher.search(query, 10u32);
}

fn main() {}
