//! The engine for JavaScript: files go in, the JSON of `lockkeeper check`, `effects` and `schema` comes out.
//!
//! This file, `engine` and `links` are the border to JavaScript and nothing else; [`files`] and [`request`] are plain
//! Rust.

#[cfg(feature = "engine")]
mod engine;
pub mod files;
#[cfg(feature = "links")]
mod links;
pub mod request;
#[cfg(feature = "panels")]
mod tree;

#[cfg(feature = "engine")]
pub use engine::Engine;
use js_sys::JSON;
#[cfg(feature = "links")]
pub use links::{decode_link, encode_link};
#[cfg(all(target_arch = "wasm32", not(feature = "engine")))]
use lockkeeper_wasm_libc as _;
use wasm_bindgen::prelude::*;

/// Makes a panic show its message and its place in the console, and the parser ready.
#[wasm_bindgen(start)]
pub fn start() {
    #[cfg(all(target_arch = "wasm32", feature = "engine"))]
    lockkeeper_wasm_libc::tables::unpack();
    console_error_panic_hook::set_once();
}

fn json_of(object: &JsValue) -> String {
    JSON::stringify(object).ok().and_then(|it| it.as_string()).unwrap_or_default()
}
