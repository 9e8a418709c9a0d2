#ifndef LOCKKEEPER_STDIO_H
#define LOCKKEEPER_STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

typedef struct FILE FILE;
extern FILE *stdin;
extern FILE *stdout;
extern FILE *stderr;

void clearerr(FILE *stream);
int ferror(FILE *stream);
int fflush(FILE *stream);
size_t fread(void *to, size_t size, size_t count, FILE *stream);
size_t fwrite(const void *from, size_t size, size_t count, FILE *stream);
int getc(FILE *stream);

int fprintf(FILE *stream, const char *format, ...);
int snprintf(char *to, size_t size, const char *format, ...);
int vsnprintf(char *to, size_t size, const char *format, va_list arguments);

/* Inline functions of PostgreSQL's headers name these; nothing calls them, so they have no definition. */
int printf(const char *format, ...);
int sprintf(char *to, const char *format, ...);
int sscanf(const char *text, const char *format, ...);
int vfprintf(FILE *stream, const char *format, va_list arguments);
int vprintf(const char *format, va_list arguments);
int vsprintf(char *to, const char *format, va_list arguments);

#endif
