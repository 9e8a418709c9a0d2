//! Answers of a size that an agent can read. What is left out is said.

use serde_json::{Map, Value, json};

/// As many bytes are an answer at most, but for what says that it is cut.
const MOST: usize = 60_000;
/// A longer text in an answer that is too long is cut.
const LONG_TEXT: usize = 2_000;

/// A report in its shortest form. If it is too long, the ends of its longest lists are left out, and `cut` says of each
/// how much of it is there.
pub(super) fn json(report: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(report) else { return text(report.to_owned()) };
    let mut cut = Map::new();
    let mut size = value.to_string().len();
    while size > MOST {
        let Some((pointer, bytes)) = longest_list(&value) else { break };
        let Some(list) = value.pointer_mut(&pointer).and_then(Value::as_array_mut) else { break };
        let of = cut.get(&pointer).map_or(list.len().into(), |it: &Value| it["of"].clone());
        let wanted = bytes.saturating_sub(size - MOST);
        list.truncate((list.len() * wanted / bytes).clamp(1, list.len() - 1));
        cut.insert(pointer, json!({"shown": list.len(), "of": of}));
        size = value.to_string().len();
    }
    if size > MOST {
        shorten(&mut value);
        cut.insert("texts".to_owned(), json!({"shown": LONG_TEXT}));
    }
    if let (false, Some(report)) = (cut.is_empty(), value.as_object_mut()) {
        report.insert("cut".to_owned(), cut.into());
        report.insert("cut_help".to_owned(), "name fewer paths, or select rules, to see the rest".into());
    }
    value.to_string()
}

/// The pointer to the list of several values that takes most bytes, and how many these are.
fn longest_list(value: &Value) -> Option<(String, usize)> {
    let own = value.as_array().filter(|it| it.len() > 1).map(|_| (String::new(), value.to_string().len()));
    let below: Vec<(String, &Value)> = match value {
        Value::Array(list) => list.iter().enumerate().map(|(at, it)| (at.to_string(), it)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, it)| (name.clone(), it)).collect(),
        _ => Vec::new(),
    };
    let below = below.into_iter().filter_map(|(name, it)| {
        let (rest, bytes) = longest_list(it)?;
        Some((format!("/{name}{rest}"), bytes))
    });
    // Of a list and one in it, the outer is longer.
    own.into_iter().chain(below).reduce(|a, b| if b.1 > a.1 { b } else { a })
}

fn shorten(value: &mut Value) {
    match value {
        Value::String(it) if it.len() > LONG_TEXT => {
            it.truncate(floor(it, LONG_TEXT));
            it.push('…');
        }
        Value::Array(list) => list.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

/// A text that is cut after a line if it is too long.
pub(super) fn text(mut text: String) -> String {
    if text.len() <= MOST {
        return text;
    }
    let lines = text.lines().count();
    let end = floor(&text, MOST);
    text.truncate(text[..end].rfind('\n').map_or(end, |it| it + 1));
    let shown = text.lines().count();
    text + &format!("-- cut: {shown} of {lines} lines are shown\n")
}

/// The nearest start of a character at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_report_says_what_is_left_out() {
        let findings: Vec<Value> =
            (0..2000).map(|it| json!({"rule": "r", "message": format!("{it} {}", "é".repeat(50))})).collect();
        let cut: Value = serde_json::from_str(&json(&json!({"version": 1, "findings": findings}).to_string())).unwrap();
        let shown = cut["findings"].as_array().unwrap().len();
        assert!(cut.to_string().len() < MOST + 200 && shown > 300, "{shown}");
        assert_eq!(cut["cut"]["/findings"], json!({"shown": shown, "of": 2000}));
        assert_eq!(cut["version"], 1);
    }

    #[test]
    fn what_fits_is_whole() {
        assert_eq!(json("{\n  \"a\": [1, 2]\n}\n"), "{\"a\":[1,2]}");
        assert_eq!(text("a\n".to_owned()), "a\n");
    }

    #[test]
    fn a_long_text_ends_with_a_line_and_says_so() {
        let cut = text("CREATE TABLE t ();\n".repeat(10_000));
        assert!(
            cut.ends_with("\nCREATE TABLE t ();\n-- cut: 3157 of 10000 lines are shown\n"),
            "{}",
            &cut[cut.len() - 80..]
        );
        let endless: Value = serde_json::from_str(&json(&json!({"sql": "é".repeat(90_000)}).to_string())).unwrap();
        assert!(endless["sql"].as_str().unwrap().len() < LONG_TEXT + 4);
    }
}
