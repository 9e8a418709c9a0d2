//! `malloc` and its kin on top of Rust's allocator, which must be told the size of what it frees: each block begins
//! with a header that holds it.

use std::alloc::Layout;
use std::ptr;

/// Room for the size, and the strictest alignment that C asks of `malloc`: that of `long double`.
const HEADER: usize = 16;

/// The layout of a block with `size` bytes of use, or `None` if no memory holds so many.
fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEADER)?, HEADER).ok()
}

/// Writes the header of a block that the allocator returned and gives the address that the caller sees; null stays null.
///
/// # Safety
/// `block` is null or has the layout of `size`.
unsafe fn finish(block: *mut u8, size: usize) -> *mut u8 {
    if block.is_null() {
        return block;
    }
    // SAFETY: the block begins with a header, whose alignment suits a `usize`.
    unsafe {
        block.cast::<usize>().write(size);
        block.add(HEADER)
    }
}

/// The start of the block and its layout, from the address that the caller has.
///
/// # Safety
/// `memory` came from [`finish`] and was not freed.
unsafe fn block_of(memory: *mut u8) -> (*mut u8, Layout) {
    // SAFETY: a header of ours stands before the address.
    let (block, size) = unsafe {
        let block = memory.sub(HEADER);
        (block, block.cast::<usize>().read())
    };
    // SAFETY: the block was allocated with this size, so its layout is valid.
    (block, unsafe { Layout::from_size_align_unchecked(size + HEADER, HEADER) })
}

/// Never null for a size of 0, as PostgreSQL's memory contexts and upb take null for "out of memory".
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub(crate) extern "C" fn malloc(size: usize) -> *mut u8 {
    let Some(layout) = layout(size) else { return ptr::null_mut() };
    // SAFETY: the layout holds at least the header, so it is not empty.
    unsafe { finish(std::alloc::alloc(layout), size) }
}

/// # Safety
/// `memory` is null or came from this module and was not freed.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn realloc(memory: *mut u8, size: usize) -> *mut u8 {
    if memory.is_null() {
        return malloc(size);
    }
    let Some(new) = layout(size) else { return ptr::null_mut() };
    // SAFETY: the block is ours by the caller's promise, and the new size is that of a valid layout.
    unsafe {
        let (block, old) = block_of(memory);
        finish(std::alloc::realloc(block, old, new.size()), size)
    }
}

/// # Safety
/// `memory` is null or came from this module and was not freed.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub(crate) unsafe extern "C" fn free(memory: *mut u8) {
    if memory.is_null() {
        return;
    }
    // SAFETY: the block is ours by the caller's promise.
    unsafe {
        let (block, layout) = block_of(memory);
        std::alloc::dealloc(block, layout);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned_and_keep_their_bytes_when_they_grow_and_shrink() {
        let mut memory: *mut u8 = ptr::null_mut();
        for size in [1, 7, 4096, 16, 100_000] {
            // SAFETY: `memory` is null or the last block; the first byte lies inside it.
            unsafe {
                let kept = if memory.is_null() { 42 } else { *memory };
                memory = realloc(memory, size);
                assert_eq!(memory as usize % 16, 0);
                if kept == 42 {
                    *memory = 42;
                }
                assert_eq!(*memory, 42);
            }
        }
        // SAFETY: the last block is freed once.
        unsafe { free(memory) };
    }

    #[test]
    fn no_bytes_are_a_block_too_much_is_null_and_null_may_be_freed() {
        let memory = malloc(0);
        assert!(!memory.is_null());
        assert!(malloc(usize::MAX).is_null());
        // SAFETY: one block of ours and null.
        unsafe {
            assert!(realloc(memory, usize::MAX - 8).is_null());
            free(memory);
            free(ptr::null_mut());
        }
    }
}
