//! How often something is there.

use std::collections::BTreeMap;

/// A set that remembers how often each of its members was added.
#[derive(Clone, Debug)]
pub(super) struct Counts<K>(BTreeMap<K, u32>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Counts(BTreeMap::new())
    }
}

impl<K: Ord> Counts<K> {
    pub(super) fn add(&mut self, key: K) {
        *self.0.entry(key).or_default() += 1;
    }

    /// Takes back one [`Counts::add`].
    pub(super) fn remove(&mut self, key: &K) {
        match self.0.get_mut(key) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => drop(self.0.remove(key)),
        }
    }

    /// The members, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }

    /// The members that are not less than `first`, in order.
    pub(super) fn from(&self, first: K) -> impl Iterator<Item = &K> {
        self.0.range(first..).map(|(key, _)| key)
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Counts<smol_str::SmolStr> {
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}
