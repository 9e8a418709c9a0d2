#ifndef LOCKKEEPER_SYS_UIO_H
#define LOCKKEEPER_SYS_UIO_H

#include <sys/types.h>

struct iovec {
	void *iov_base;
	size_t iov_len;
};

/* Inline functions of PostgreSQL's headers name these; nothing calls them, so they have no definition. */
ssize_t preadv(int file, const struct iovec *parts, int count, off_t offset);
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset);

#endif
