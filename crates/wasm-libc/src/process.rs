//! What a process would have: an end, an id, an error number, a thread.

use std::ffi::{c_char, c_int, c_uint, c_void};
use std::sync::atomic::AtomicI32;

/// C sees an `int`, which an atomic has the layout of.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "C's name")]
static errno: AtomicI32 = AtomicI32::new(0);

/// The parser raises errors by `longjmp`; it ends the process only where its own state is broken.
#[unsafe(no_mangle)]
extern "C" fn abort() -> ! {
    panic!("PostgreSQL's parser gave up")
}

#[unsafe(no_mangle)]
extern "C" fn exit(status: c_int) -> ! {
    panic!("PostgreSQL's parser ended with status {status}")
}

#[unsafe(no_mangle)]
extern "C" fn getpid() -> c_int {
    1
}

/// The only thread never ends, so no destructor ever runs and no value is asked for.
#[unsafe(no_mangle)]
extern "C" fn pthread_key_create(_key: *mut c_uint, _destructor: *const c_void) -> c_int {
    0
}

#[unsafe(no_mangle)]
extern "C" fn pthread_setspecific(_key: c_uint, _value: *const c_void) -> c_int {
    0
}

/// No function here sets an error number, so there is no text for one: PostgreSQL then prints the number.
///
/// # Safety
/// `to` may be written for `size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn strerror_r(_number: c_int, to: *mut c_char, size: usize) -> c_int {
    if size > 0 {
        // SAFETY: by the caller's promise there is room for the zero byte.
        unsafe { to.write(0) };
    }
    0
}
