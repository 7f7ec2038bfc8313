//! Two hundred queries and what each of them is understood as.

use serde::{Deserialize, Serialize};

use crate::{Tree, parse};

/// One line of the file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Golden {
    query: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<Tree>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<String>,
    /// Character and rule of a mistake.
    #[serde(skip_serializing_if = "Option::is_none")]
    mistake: Option<(usize, String)>,
}

fn read(query: &str) -> Golden {
    let query = query.to_owned();
    match parse(&query) {
        Ok(read) => Golden { tree: Some(read.tree()), shown: Some(read.to_string()), mistake: None, query },
        Err(error) => {
            Golden { tree: None, shown: None, mistake: Some((error.at(), format!("{:?}", error.fault()))), query }
        }
    }
}

#[test]
fn queries_are_understood_as_written_down() {
    let lines: Vec<Golden> =
        include_str!("golden.jsonl").lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(lines.len() >= 200, "{} golden queries", lines.len());
    for golden in lines {
        assert_eq!(read(&golden.query), golden);
    }
}
