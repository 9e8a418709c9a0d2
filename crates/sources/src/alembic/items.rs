//! Lists and dictionaries of which a part may be missing.

use std::cell::{Cell, RefCell};
use std::ops::Deref;

/// What a list or a dictionary holds.
#[derive(Debug)]
pub(crate) struct Items<T> {
    all: RefCell<Vec<T>>,
    /// How many of the first ones are surely there. Conditions that are not known put the others in or take them out.
    sure: Cell<usize>,
    /// How many conditions that are not known held where it was made.
    made: Cell<u32>,
}

impl<T> Items<T> {
    pub(crate) fn new(all: Vec<T>) -> Self {
        Items { all: RefCell::new(all), sure: Cell::new(usize::MAX), made: Cell::new(0) }
    }

    pub(crate) fn sure(&self) -> usize {
        self.sure.get()
    }

    /// From this item on it is not known which ones are there.
    pub(crate) fn doubt(&self, from: usize) {
        self.sure.set(self.sure().min(from));
    }

    pub(crate) fn made(&self) -> u32 {
        self.made.get()
    }

    pub(crate) fn made_under(&self, conditions: u32) {
        self.made.set(conditions);
    }

    /// Whether there is any; `None` if that is not known.
    pub(crate) fn any(&self) -> Option<bool> {
        match (self.all.borrow().len().min(self.sure()), self.sure()) {
            (0, usize::MAX) => Some(false),
            (0, _) => None,
            _ => Some(true),
        }
    }
}

impl<T> Deref for Items<T> {
    type Target = RefCell<Vec<T>>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}
