#ifndef LOCKKEEPER_UNISTD_H
#define LOCKKEEPER_UNISTD_H

#include <sys/types.h>

pid_t getpid(void);

/* Inline functions of PostgreSQL's headers name these; nothing calls them, so they have no definition. */
ssize_t pread(int file, void *to, size_t size, off_t offset);
ssize_t pwrite(int file, const void *from, size_t size, off_t offset);

#endif
