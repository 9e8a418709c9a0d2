//! The engine for JavaScript: files go in, the JSON of `lockkeeper check`, `effects` and `schema` comes out as objects.
//!
//! This file is the border to JavaScript and nothing else; [`files`] and [`request`] are plain Rust.

pub mod files;
pub mod request;
#[cfg(feature = "panels")]
mod tree;

use files::Files;
use js_sys::{JSON, Object, Reflect};
use lockkeeper_link::Shared;
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
    pub fn analyse(&mut self, request: &JsValue) -> Result<Object, JsError> {
        let answer = self.files.analyse(&Request::parse(&json_of(request))?)?;
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

/// The fragment of a permalink to what an object of the fields of [`Shared`] describes, without its `#`.
///
/// # Errors
///
/// Throws an `Error` if the object has another shape.
#[wasm_bindgen(js_name = encodeLink)]
pub fn encode_link(shared: &JsValue) -> Result<String, JsError> {
    let shared: Shared = serde_json::from_str(&json_of(shared))?;
    Ok(lockkeeper_link::encode(&shared))
}

/// What a permalink holds, as an object of the fields of [`Shared`].
///
/// # Errors
///
/// Throws an `Error` that says why it cannot be read.
#[wasm_bindgen(js_name = decodeLink)]
pub fn decode_link(letters: &str) -> Result<JsValue, JsError> {
    let shared = lockkeeper_link::decode(letters)?;
    JSON::parse(&serde_json::to_string(&shared)?).map_err(|_| JsError::new("the answer cannot be built"))
}

fn json_of(object: &JsValue) -> String {
    JSON::stringify(object).ok().and_then(|it| it.as_string()).unwrap_or_default()
}

/// Parsing one string is faster than building an object value by value across the border, and takes less code.
fn set(object: &Object, name: &str, json: &str) -> Result<bool, JsValue> {
    Reflect::set(object, &name.into(), &JSON::parse(json)?)
}
