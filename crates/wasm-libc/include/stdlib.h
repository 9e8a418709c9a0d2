#ifndef LOCKKEEPER_STDLIB_H
#define LOCKKEEPER_STDLIB_H

#include <stddef.h>

_Noreturn void abort(void);
_Noreturn void exit(int status);

void free(void *memory);
void *malloc(size_t size);
void *realloc(void *memory, size_t size);

#define abs __builtin_abs
#define llabs __builtin_llabs
void qsort(void *base, size_t count, size_t width, int (*compare)(const void *, const void *));
unsigned long strtoul(const char *text, char **end, int base);

#endif
