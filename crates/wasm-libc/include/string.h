#ifndef LOCKKEEPER_STRING_H
#define LOCKKEEPER_STRING_H

#include <stddef.h>

void *memchr(const void *memory, int byte, size_t count);
int memcmp(const void *left, const void *right, size_t count);
void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);

char *strcat(char *to, const char *from);
char *strchr(const char *text, int byte);
int strcmp(const char *left, const char *right);
char *strcpy(char *to, const char *from);
char *strdup(const char *text);
int strerror_r(int number, char *to, size_t size);
size_t strlcat(char *to, const char *from, size_t size);
size_t strlcpy(char *to, const char *from, size_t size);
size_t strlen(const char *text);
int strncmp(const char *left, const char *right, size_t count);
char *strncpy(char *to, const char *from, size_t count);
size_t strnlen(const char *text, size_t most);
char *strrchr(const char *text, int byte);
size_t strspn(const char *text, const char *accepted);
char *strstr(const char *text, const char *searched);

#endif
