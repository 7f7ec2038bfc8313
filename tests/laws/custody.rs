//! Every row of the custody table names the tests that hold it, and those tests exist.

use super::house::{files_under, none_of, read, root, sources};

#[test]
fn every_row_of_the_custody_table_names_tests_that_exist() {
    let text = read(&root().join("docs/custody.md"));
    let sources = sources();
    let laws: Vec<_> = files_under(&root().join("tests/laws"), "rs").iter().map(|file| read(file)).collect();
    let mut faults = Vec::new();
    let rows: Vec<_> = rows(&text).collect();
    assert!(rows.len() >= 15, "the custody table has lost its rows");
    for (thing, held_by) in rows {
        let tests: Vec<_> = held_by.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() && held_by.trim() != "not built yet" {
            faults.push(format!("the row \"{thing}\" names no test and is not marked \"not built yet\""));
        }
        for test in tests {
            let name = test.rsplit("::").next().unwrap_or(test);
            let room = test.split("::").next().unwrap_or_default();
            let written = format!("fn {name}(");
            let stands = |source: &super::house::Source| source.room() == room && source.text.contains(&written);
            let is_law = || laws.iter().any(|law| law.contains(&written));
            if !(sources.iter().any(stands) || room == "laws" && is_law()) {
                faults.push(format!("the row \"{thing}\" names the test {test}, which does not exist"));
            }
        }
    }
    none_of(&faults);
}

/// First and last cell of each row of the table.
fn rows(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| thing"));
    lines.filter_map(|line| {
        let mut cells = line.trim_matches('|').split(" | ");
        Some((cells.next()?.trim(), cells.last()?.trim()))
    })
}
