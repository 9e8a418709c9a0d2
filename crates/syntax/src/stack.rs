//! A stack that holds the deepest tree that the parser lets through.
//!
//! PostgreSQL refuses a tree that needs more than 2 MB of its own stack (`stack depth limit exceeded`), which is some
//! thousands of levels. Decoding such a tree takes far larger frames, so that happens on a stack of our own size.

/// Bytes of stack. Reserved, not used: only what a deep statement touches becomes memory.
#[cfg(not(target_arch = "wasm32"))]
const SIZE: usize = 256 << 20;

/// Runs `work` on a large stack; on the caller's where the system has no room for one.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn on_large<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let mut work = Some(work);
    let mut done = None;
    std::thread::scope(|scope| {
        let run = || done = work.take().map(|it| it());
        let thread = std::thread::Builder::new().name("parse".to_owned()).stack_size(SIZE).spawn_scoped(scope, run);
        if let Ok(Err(panic)) = thread.map(|it| it.join()) {
            std::panic::resume_unwind(panic);
        }
    });
    match (done, work) {
        (Some(done), _) => done,
        (None, Some(work)) => work(),
        (None, None) => unreachable!("the thread either ran to its end or its panic went on"),
    }
}

/// Runs `work`; the module itself is linked with a large stack.
#[cfg(target_arch = "wasm32")]
pub(crate) fn on_large<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    work()
}
