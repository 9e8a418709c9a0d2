//! `qsort`.

use std::cmp::Ordering;
use std::ffi::{c_int, c_void};
use std::ptr;

/// An array as C describes it.
struct Array {
    base: *mut u8,
    width: usize,
    compare: unsafe extern "C" fn(*const c_void, *const c_void) -> c_int,
}

impl Array {
    /// # Safety
    /// `left` and `right` are indices into the array.
    unsafe fn compare(&self, left: usize, right: usize) -> Ordering {
        // SAFETY: both lie inside the array, whose elements the caller's function compares.
        let difference = unsafe {
            let (left, right) = (self.base.add(left * self.width), self.base.add(right * self.width));
            (self.compare)(left.cast(), right.cast())
        };
        difference.cmp(&0)
    }

    /// # Safety
    /// `left` and `right` are two different indices into the array.
    unsafe fn swap(&self, left: usize, right: usize) {
        // SAFETY: two different elements do not overlap.
        unsafe {
            let (left, right) = (self.base.add(left * self.width), self.base.add(right * self.width));
            ptr::swap_nonoverlapping(left, right, self.width);
        }
    }

    /// Lets the element at `root` sink until no child in `..end` is greater.
    ///
    /// # Safety
    /// `end` is at most the length of the array and `root` lies before it.
    unsafe fn sink(&self, mut root: usize, end: usize) {
        loop {
            let left = 2 * root + 1;
            if left >= end {
                return;
            }
            // SAFETY: every index lies before `end`, and a child is never its parent.
            unsafe {
                let greatest = if left + 1 < end && self.compare(left + 1, left).is_gt() { left + 1 } else { left };
                if self.compare(greatest, root).is_le() {
                    return;
                }
                self.swap(greatest, root);
                root = greatest;
            }
        }
    }
}

/// Heapsort: no memory, no recursion, and no harm from a comparison that contradicts itself.
///
/// # Safety
/// `base` points to `count` elements of `width` bytes each, and `compare` accepts pointers to them.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn qsort(
    base: *mut c_void,
    count: usize,
    width: usize,
    compare: unsafe extern "C" fn(*const c_void, *const c_void) -> c_int,
) {
    let array = Array { base: base.cast(), width, compare };
    for root in (0..count / 2).rev() {
        // SAFETY: `root` lies in the first half of the array.
        unsafe { array.sink(root, count) };
    }
    for end in (1..count).rev() {
        // SAFETY: `end` is at least 1 and lies inside the array.
        unsafe {
            array.swap(0, end);
            array.sink(0, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn compare_u32(left: *const c_void, right: *const c_void) -> c_int {
        // SAFETY: the arrays of these tests hold `u32`.
        unsafe { left.cast::<u32>().read().cmp(&right.cast::<u32>().read()) as c_int }
    }

    unsafe extern "C" fn always_less(_left: *const c_void, _right: *const c_void) -> c_int {
        -1
    }

    fn sort(items: &mut [u32], compare: unsafe extern "C" fn(*const c_void, *const c_void) -> c_int) {
        // SAFETY: a slice describes itself truly.
        unsafe { qsort(items.as_mut_ptr().cast(), items.len(), size_of::<u32>(), compare) };
    }

    #[test]
    fn every_length_is_sorted() {
        for length in 0..200_u32 {
            let mut items: Vec<u32> = (0..length).map(|n| n.wrapping_mul(2_654_435_761) % 97).collect();
            let mut expected = items.clone();
            expected.sort();
            sort(&mut items, compare_u32);
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn a_false_comparison_loses_nothing() {
        let mut items: Vec<u32> = (0..50).collect();
        sort(&mut items, always_less);
        items.sort();
        assert!(items.into_iter().eq(0..50));
    }
}
