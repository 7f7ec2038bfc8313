//! There is one power to mint licences in a process, and it is taken, not made.

fn main() {
    let _capability = search::SearchCapability(());
}
