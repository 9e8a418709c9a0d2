/*
 * setjmp and longjmp as WebAssembly exceptions.
 *
 * With -mllvm -wasm-enable-sjlj the compiler wraps each function that calls setjmp in a catch for the tag
 * __c_longjmp and calls the functions below; names and arguments are its own (LLVM,
 * WebAssemblyLowerEmscriptenEHSjLj.cpp). A jump is thrown, and each wrapped function on the way asks whether
 * the buffer is one that it filled itself; if not, it throws on.
 */
#include <setjmp.h>

/*
 * The exception's tag: one word, the address of the buffer's `thrown`. Up to some version between 19 and 22, clang
 * itself defines it, weakly, in each object that names it; build.rs finds out.
 */
#ifdef DEFINE_TAG
__asm__(".globl __c_longjmp\n"
        ".tagtype __c_longjmp i32\n"
        "__c_longjmp:\n");
#endif

/* The number by which the compiler knows the tag __c_longjmp (the tag of C++ exceptions is 0). */
enum { TAG_C_LONGJMP = 1 };

/* Called in place of setjmp: remembers which setjmp of which running function filled the buffer. */
void __wasm_setjmp(jmp_buf env, unsigned label, void *frame) {
	env->frame = frame;
	env->label = label;
}

/* Called in the catch: the label of the setjmp to return from, or 0 if the buffer belongs to another function. */
unsigned __wasm_setjmp_test(jmp_buf env, void *frame) {
	return env->frame == frame ? env->label : 0;
}

/* Called in place of longjmp. As C has it, setjmp never returns 0 for a jump. */
_Noreturn void __wasm_longjmp(jmp_buf env, int value) {
	env->thrown.env = env;
	env->thrown.value = value == 0 ? 1 : value;
	__builtin_wasm_throw(TAG_C_LONGJMP, &env->thrown);
}
