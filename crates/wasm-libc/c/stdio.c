/*
 * Streams that lead nowhere, and formatting by PostgreSQL's own printf, which the parser brings.
 *
 * This is C because stable Rust cannot define a function of variable arguments.
 */
#include <stdio.h>

/* PostgreSQL's src/port/snprintf.c; formats as C99 says, and knows %m. */
int pg_vsnprintf(char *to, size_t size, const char *format, va_list arguments);

struct FILE {
	char unused;
};

static FILE nowhere;
FILE *stdin = &nowhere;
FILE *stdout = &nowhere;
FILE *stderr = &nowhere;

void clearerr(FILE *stream) {
	(void)stream;
}

int ferror(FILE *stream) {
	(void)stream;
	return 0;
}

int fflush(FILE *stream) {
	(void)stream;
	return 0;
}

size_t fread(void *to, size_t size, size_t count, FILE *stream) {
	(void)to, (void)size, (void)count, (void)stream;
	return 0;
}

size_t fwrite(const void *from, size_t size, size_t count, FILE *stream) {
	(void)from, (void)size, (void)stream;
	return count;
}

int getc(FILE *stream) {
	(void)stream;
	return EOF;
}

int fprintf(FILE *stream, const char *format, ...) {
	(void)stream, (void)format;
	return 0;
}

int vsnprintf(char *to, size_t size, const char *format, va_list arguments) {
	return pg_vsnprintf(to, size, format, arguments);
}

int snprintf(char *to, size_t size, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	int length = pg_vsnprintf(to, size, format, arguments);
	va_end(arguments);
	return length;
}
