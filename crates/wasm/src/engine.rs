//! The engine as an object of JavaScript.

use crate::files::Files;
use crate::json_of;
use crate::request::Request;
use js_sys::Function;
use wasm_bindgen::prelude::*;

/// Keeps files between calls and parses only what changed.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Engine {
    files: Files,
}

#[wasm_bindgen]
impl Engine {
    /// An engine without files.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Adds a file or replaces its text. The path, written with `/`, decides about its history and its turn there.
    pub fn set(&mut self, path: &str, text: &str) {
        self.files.set(path, text);
    }

    /// Forgets a file. Without one of this path nothing happens.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// Answers a [`Request`], given as an object, with the JSON of an object that has a field for each report wanted:
    /// text goes from a worker to its page many times as fast as an object does. A function `found` is called with the
    /// JSON of `check`, which the answer then lacks, as soon as it is there: what statements do is the longer report.
    ///
    /// # Errors
    ///
    /// Throws an `Error` if the request cannot be understood.
    pub fn analyse(&mut self, request: &JsValue, found: Option<Function>) -> Result<String, JsError> {
        let mut request = Request::parse(&json_of(request))?;
        request.settings.today = Some((js_sys::Date::now() / 86_400_000.0) as i64);
        let tell = |check: String| match &found {
            // What it throws is its own affair.
            Some(found) => {
                _ = found.call1(&JsValue::NULL, &JsValue::from(check));
                None
            }
            None => Some(check),
        };
        let answer = self.files.analyse(&request, tell)?;
        let reports = [
            ("check", answer.check),
            ("markdown", answer.markdown),
            ("sarif", answer.sarif),
            ("comment", answer.comment),
            ("effects", answer.effects),
            ("schema", answer.schema),
            ("ddl", answer.ddl),
            ("tree", answer.tree),
            ("sql", answer.sql),
        ];
        let mut json = String::from("{");
        for (name, report) in reports.into_iter().filter_map(|(name, it)| Some((name, it?))) {
            let comma = if json.len() > 1 { "," } else { "" };
            json.extend([comma, "\"", name, "\":", report.trim_end()]);
        }
        json.push('}');
        Ok(json)
    }
}
