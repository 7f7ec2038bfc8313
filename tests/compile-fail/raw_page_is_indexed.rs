//! Unredacted text cannot reach the index: it takes a redacted page and nothing else.

fn index(
    indexer: &mut indexer::Indexer,
    receipt: audit::Collected,
    raw: page::ParsedPage,
    key: model::DocumentKey,
    captured: model::Timestamp,
) {
    let _done = indexer.add(receipt, raw, key, captured, 1);
}

fn main() {}
