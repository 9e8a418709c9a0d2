//! The few C library functions that PostgreSQL's parser needs on `wasm32-unknown-unknown`.
//!
//! That target has no C library. The parser asks for little of one: memory, strings, character classes, a sort,
//! formatting, and `setjmp`, by which PostgreSQL raises errors. `include/` declares what its sources name, the
//! modules here and `c/` define what they call; `memcpy`, `memmove`, `memset`, `memcmp` and `strlen` come with Rust.
//!
//! Two functions of the parser itself have a smaller body in `node`, which the linker meets first.
//!
//! A crate links them by `use lockkeeper_wasm_libc as _;`. On every other target this crate has only [`tables`]. In tests
//! the functions keep their Rust names, so that they do not replace those of the test's own C library.

#![allow(unsafe_code, reason = "a C library speaks in raw pointers")]

#[cfg(any(target_arch = "wasm32", test))]
mod character;
#[cfg(any(target_arch = "wasm32", test))]
mod memory;
#[cfg(target_arch = "wasm32")]
mod node;
#[cfg(any(target_arch = "wasm32", test))]
mod number;
#[cfg(target_arch = "wasm32")]
mod process;
#[cfg(any(target_arch = "wasm32", test))]
mod sort;
#[cfg(any(target_arch = "wasm32", test))]
mod string;
pub mod tables;
