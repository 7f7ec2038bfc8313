//! What the redactor leaves on the page no rule may turn on.

use std::collections::BTreeSet;

use super::house::{none_of, read, root};

/// Words for peoples stay readable (`names/peoples.txt`), so a query finds them: the loader of indicators must refuse each, in
/// every ending.
#[test]
fn every_word_for_a_people_that_is_not_hidden_is_protected() {
    let protected = read(&root().join("crates/casework/src/protected_words.txt"));
    let protected: BTreeSet<&str> = lines(&protected).flat_map(str::split_whitespace).collect();
    let peoples = read(&root().join("crates/redactor/src/names/peoples.txt"));
    let mut faults = Vec::new();
    for (endings, words) in lines(&peoples).filter_map(|line| line.split_once(':')) {
        for word in words.split_whitespace() {
            let forms = endings.split_whitespace().map(|ending| format!("{word}{}", ending.trim_matches('-')));
            faults.extend(forms.filter(|form| !protected.contains(&**form)));
        }
    }
    none_of(&faults);
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}
