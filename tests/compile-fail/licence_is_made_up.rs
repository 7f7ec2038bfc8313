//! No search without a permit: a licence is minted by `access`, for a case that a permit names.

fn main() {
    let case: model::CaseId = "op-harbour-2026".parse().unwrap();
    let _licence = search::Licence { case };
}
