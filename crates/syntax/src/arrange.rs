//! Sorting by one routine for all types.
//!
//! The standard library's grows by 5 KB of code with every type that is sorted, which the page's module would carry.

use std::cmp::Ordering;

/// Sorts in place; equal elements keep their order.
pub trait Arrange<T> {
    /// As `sort_by`.
    fn arrange_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// As `sort_by_key`.
    fn arrange_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.arrange_by(|a, b| key(a).cmp(&key(b)));
    }
}

impl<T> Arrange<T> for [T] {
    fn arrange_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let mut sources = order(self.len(), &mut |a, b| compare(&self[a], &self[b]));
        // Each cycle of moves by swaps along it.
        for start in 0..sources.len() {
            let mut at = start;
            loop {
                let source = std::mem::replace(&mut sources[at], at);
                if source == start {
                    break;
                }
                self.swap(at, source);
                at = source;
            }
        }
    }
}

/// For each place the index of the element that belongs there.
fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sources: Vec<usize> = (0..count).collect();
    sources.sort_by(|&a, &b| compare(a, b));
    sources
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_order_of_the_standard_library(keys in proptest::collection::vec(0_u8..20, 0..60)) {
            let mut ours: Vec<(u8, usize)> = keys.into_iter().enumerate().map(|(at, key)| (key, at)).collect();
            let mut theirs = ours.clone();
            ours.arrange_by_key(|it| it.0);
            theirs.sort_by_key(|it| it.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
