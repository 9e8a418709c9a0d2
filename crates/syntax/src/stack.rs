//! A stack that holds the deepest tree that the parser lets through.
//!
//! PostgreSQL refuses a tree that needs more than 2 MB of its own stack (`stack depth limit exceeded`), which is some
//! thousands of levels. Decoding such a tree takes far larger frames, so that happens on a stack of our own size.

/// Bytes of stack. Reserved, not used: only what a deep statement touches becomes memory.
#[cfg(not(target_arch = "wasm32"))]
const SIZE: usize = 512 << 20;

/// Runs `work` on a large stack.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn on_large<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("parse".to_owned()).stack_size(SIZE).spawn_scoped(scope, work);
        match thread.map(|it| it.join()) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => panic!("no thread for parsing: {error}"),
        }
    })
}

/// Runs `work`; the module itself is linked with a large stack.
#[cfg(target_arch = "wasm32")]
pub(crate) fn on_large<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    work()
}
