//! How far long work has come.

use crate::host::Host;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Work in steps, on any number of threads.
pub(crate) struct Steps<'a> {
    host: &'a dyn Host,
    what: &'static str,
    done: AtomicUsize,
    of: usize,
    quiet: bool,
}

impl<'a> Steps<'a> {
    /// Work of so many steps; nothing is told of it if that is not wanted.
    pub(crate) fn new(what: &'static str, of: usize, quiet: bool, host: &'a dyn Host) -> Self {
        Steps { host, what, done: AtomicUsize::new(0), of, quiet }
    }

    /// One more step is done.
    pub(crate) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.quiet {
            self.host.progress(self.what, done.min(self.of), self.of);
        }
    }
}
