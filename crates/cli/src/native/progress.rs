//! A bar on a terminal that shows how far long work has come.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Shorter work needs no bar.
const LONG: Duration = Duration::from_millis(500);

/// The bar, while there is one.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Whether there is a terminal to draw on.
    terminal: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    /// Nothing is drawn yet.
    pub(crate) fn new() -> Self {
        Self { terminal: stderr().is_terminal(), bar: Mutex::default() }
    }

    /// Draws how far the work has come, if it takes long.
    pub(crate) fn tell(&self, what: &str, done: usize, of: usize, elapsed: Duration) {
        if !self.terminal || elapsed < LONG {
            return;
        }
        let mut bar = self.bar();
        let bar = bar.get_or_insert_with(|| draw(what, of));
        if bar.message() != what {
            bar.set_message(what.to_owned());
            bar.set_length(of as u64);
        }
        bar.set_position(done as u64);
    }

    /// Takes the bar away, so that something else can be written.
    pub(crate) fn clear(&self) {
        if let Some(bar) = self.bar().take() {
            bar.finish_and_clear();
        }
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn draw(what: &str, of: usize) -> ProgressBar {
    let bar =
        ProgressBar::with_draw_target(Some(of as u64), ProgressDrawTarget::stderr()).with_message(what.to_owned());
    // The template is a constant; were it wrong, the bar would look as indicatif likes.
    match ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
