//! What was parsed before, for those that ask again and again about files of which few change.

use lockkeeper_sources::{Entry, Script, Text};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The scripts of each file as they were read last.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    files: Mutex<HashMap<String, Remembered>>,
}

/// What came of a file.
#[derive(Debug)]
struct Remembered {
    text: Text,
    entry: Entry,
    scripts: Vec<Script>,
    /// Whether anyone asked since the last [`Memory::forget_unasked`].
    asked: bool,
}

impl Remembered {
    /// Whether reading this would lead to the same scripts.
    fn answers(&self, entry: &Entry, text: &Text) -> bool {
        let (a, b) = (&self.entry, entry);
        a.reading == b.reading && a.version == b.version && a.surroundings == b.surroundings && self.text == *text
    }
}

impl Memory {
    /// The scripts of a file, parsed only if it is not the one of before.
    pub(crate) fn read(&self, entry: &Entry, text: &Text) -> Vec<Script> {
        if let Some(it) = self.files().get_mut(text.path()).filter(|it| it.answers(entry, text)) {
            it.asked = true;
            return it.scripts.clone();
        }
        let scripts = entry.read(text);
        let remembered = Remembered { text: text.clone(), entry: entry.clone(), scripts: scripts.clone(), asked: true };
        self.files().insert(text.path().to_owned(), remembered);
        scripts
    }

    /// Drops the files that nobody asked about since this was called last.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn forget_unasked(&self) {
        self.files().retain(|_, it| std::mem::take(&mut it.asked));
    }

    fn files(&self) -> MutexGuard<'_, HashMap<String, Remembered>> {
        // What a panic left behind is still one entry a file.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockkeeper_sources::Source;
    use std::sync::Arc;

    fn text(sql: &str) -> Text {
        Text::new(&Source { path: "1.sql".to_owned(), bytes: sql.as_bytes().to_vec() })
    }

    #[test]
    fn only_another_text_is_parsed_again() {
        let memory = Memory::default();
        let read = |sql| memory.read(&Entry::default(), &text(sql)).remove(0).parsed;
        let first = read("SELECT 1");
        assert!(Arc::ptr_eq(&first, &read("SELECT 1")));
        assert_eq!(read("SELECT 1; SELECT 2").statements.len(), 2);
    }

    #[test]
    fn what_nobody_asks_about_is_forgotten() {
        let memory = Memory::default();
        let first = memory.read(&Entry::default(), &text("SELECT 1")).remove(0).parsed;
        memory.forget_unasked();
        memory.forget_unasked();
        assert!(!Arc::ptr_eq(&first, &memory.read(&Entry::default(), &text("SELECT 1")).remove(0).parsed));
    }
}
