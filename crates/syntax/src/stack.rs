//! A stack that holds the deepest tree that the parser lets through.
//!
//! PostgreSQL refuses a tree that needs more than 2 MB of its own stack (`stack depth limit exceeded`), which is some
//! thousands of levels. Decoding such a tree takes far larger frames, so that happens on a stack of our own size.

#[cfg(not(target_arch = "wasm32"))]
use std::cell::Cell;

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    /// Whether this thread's stack is a large one.
    static LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Bytes of stack. Reserved, not used: only what a deep statement touches becomes memory.
#[cfg(not(target_arch = "wasm32"))]
const SIZE: usize = 256 << 20;

/// Runs `work` on a stack that every statement fits on, so that what is parsed in it needs no thread of its own; on the
/// caller's where that is large, or where the system has no room for another.
#[cfg(not(target_arch = "wasm32"))]
pub fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if LARGE.get() {
        return work();
    }
    let mut work = Some(work);
    let mut done = None;
    std::thread::scope(|scope| {
        let run = || {
            LARGE.set(true);
            done = work.take().map(|it| it());
        };
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
pub fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    work()
}
