//! The engine for JavaScript: files go in, the JSON of `lockkeeper check` and `lockkeeper effects` comes out as objects.
//!
//! This file is the border to JavaScript and nothing else; [`files`] and [`request`] are plain Rust.

pub mod files;
pub mod request;

use files::Files;
use js_sys::{JSON, Object, Reflect};
#[cfg(target_arch = "wasm32")]
use lockkeeper_wasm_libc as _;
use request::Request;
use wasm_bindgen::prelude::*;

/// Makes a panic show its message and its place in the console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

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
    pub fn analyse(&self, request: &JsValue) -> Result<Object, JsError> {
        let text = JSON::stringify(request).ok().and_then(|it| it.as_string()).unwrap_or_default();
        let answer = self.files.analyse(&Request::parse(&text)?)?;
        let object = Object::new();
        for (name, report) in [("check", answer.check), ("effects", answer.effects)] {
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
