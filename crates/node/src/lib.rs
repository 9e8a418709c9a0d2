//! The command line of Lockkeeper for Node: the same `run(args, host)` as the native program, on Node's files and streams.
//!
//! `host.js` beside the module does what only Node can do; this file is the border to it, [`walk`] is plain Rust.

pub mod walk;

mod host;

use host::Node;
#[cfg(target_arch = "wasm32")]
use lockkeeper_wasm_libc as _;
use std::ffi::OsString;
use wasm_bindgen::prelude::*;

/// Makes a panic show its message and its place.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Runs the program with its arguments, the first being its own name, and gives its exit status.
#[wasm_bindgen]
pub fn run(args: Vec<String>) -> u8 {
    lockkeeper_cli::run(args.into_iter().map(OsString::from), &Node).code()
}
