//! The engine as an object of JavaScript.

use crate::files::Files;
use crate::json_of;
use crate::request::Request;
use js_sys::{JSON, Object, Reflect};
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

    /// Answers a [`Request`], given as an object, with an object that has a field for each report wanted.
    ///
    /// # Errors
    ///
    /// Throws an `Error` if the request cannot be understood.
    pub fn analyse(&mut self, request: &JsValue) -> Result<Object, JsError> {
        let mut request = Request::parse(&json_of(request))?;
        request.settings.today = Some((js_sys::Date::now() / 86_400_000.0) as i64);
        let answer = self.files.analyse(&request)?;
        let object = Object::new();
        let reports = [
            ("check", answer.check),
            ("markdown", answer.markdown),
            ("effects", answer.effects),
            ("schema", answer.schema),
            ("ddl", answer.ddl),
            ("tree", answer.tree),
        ];
        for (name, report) in reports {
            if let Some(report) = report {
                set(&object, name, &report).map_err(|_| JsError::new("the answer cannot be built"))?;
            }
        }
        Ok(object)
    }
}

/// Parsing one string is faster than building an object value by value across the border, and takes less code.
fn set(object: &Object, name: &str, json: &str) -> Result<bool, JsValue> {
    Reflect::set(object, &name.into(), &JSON::parse(json)?)
}
