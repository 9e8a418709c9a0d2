//! Permalinks.

use crate::json_of;
use js_sys::JSON;
use lockkeeper_link::Shared;
use wasm_bindgen::prelude::*;

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
