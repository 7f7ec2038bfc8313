//! Values out of JSON, with a fault where one is not what it must be.

use serde_json::Value;

use crate::fault::Fault;

/// A JSON document, or a line of one.
pub(crate) fn parse(at: &str, text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::new(at, format!("it is no JSON ({error})")))
}

/// Each line with its place.
pub(crate) fn lines(at: &str, text: &str) -> Result<Vec<(String, Value)>, Fault> {
    let place = |number: usize| format!("{at}, line {number}");
    text.lines().zip(1..).map(|(line, number)| Ok((place(number), parse(&place(number), line)?))).collect()
}

/// The text at a path such as `original/charset`.
pub(crate) fn text<'a>(value: &'a Value, path: &str, at: &str) -> Result<&'a str, Fault> {
    get(value, path).as_str().ok_or_else(|| Fault::new(at, format!("`{path}` is missing or no text")))
}

pub(crate) fn number(value: &Value, path: &str, at: &str) -> Result<u64, Fault> {
    get(value, path).as_u64().ok_or_else(|| Fault::new(at, format!("`{path}` is missing or no number")))
}

pub(crate) fn list<'a>(value: &'a Value, path: &str, at: &str) -> Result<&'a [Value], Fault> {
    let list = get(value, path).as_array().map(Vec::as_slice);
    list.ok_or_else(|| Fault::new(at, format!("`{path}` is missing or no list")))
}

pub(crate) fn texts(value: &Value, path: &str, at: &str) -> Result<Vec<String>, Fault> {
    let text = |one: &Value| {
        one.as_str().map(str::to_owned).ok_or_else(|| Fault::new(at, format!("`{path}` has an item that is no text")))
    };
    list(value, path, at)?.iter().map(text).collect()
}

pub(crate) fn get<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(value, |value, key| &value[key])
}
