#ifndef LOCKKEEPER_SETJMP_H
#define LOCKKEEPER_SETJMP_H

/*
 * The compiler turns every call of setjmp and longjmp into calls of the three functions in c/setjmp.c
 * (-mllvm -wasm-enable-sjlj), so neither is defined.
 */
typedef struct {
	/* Which call of which function runs setjmp: the address of a variable in its frame. */
	void *frame;
	/* Which setjmp of that function. */
	unsigned label;
	/* What the exception carries: the compiler's catch reads both, in this order. */
	struct {
		void *env;
		int value;
	} thrown;
} jmp_buf[1];
typedef jmp_buf sigjmp_buf;

int setjmp(jmp_buf env) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf env, int value);

/* There are no signals, so there is no signal mask to keep. */
#define sigsetjmp(env, savemask) setjmp(env)
#define siglongjmp longjmp

#endif
