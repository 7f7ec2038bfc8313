//! Word lists in a text file: a heading in brackets, then words with commas between them.

/// The words under a heading such as `[plate]`.
pub(super) fn words_of(table: &'static str, heading: &str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .skip_while(move |line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|word| !word.is_empty())
}
