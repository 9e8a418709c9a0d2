#ifndef LOCKKEEPER_ERRNO_H
#define LOCKKEEPER_ERRNO_H

extern int errno;

/* Distinct numbers: PostgreSQL prints names for them in a switch. */
#define E2BIG 1
#define EACCES 2
#define EADDRINUSE 3
#define EADDRNOTAVAIL 4
#define EAFNOSUPPORT 5
#define EAGAIN 6
#define EALREADY 7
#define EBADF 8
#define EBADMSG 9
#define EBUSY 10
#define ECHILD 11
#define ECONNABORTED 12
#define ECONNREFUSED 13
#define ECONNRESET 14
#define EDEADLK 15
#define EDOM 16
#define EEXIST 17
#define EFAULT 18
#define EFBIG 19
#define EHOSTDOWN 20
#define EHOSTUNREACH 21
#define EIDRM 22
#define EINPROGRESS 23
#define EINTR 24
#define EINVAL 25
#define EIO 26
#define EISCONN 27
#define EISDIR 28
#define ELOOP 29
#define EMFILE 30
#define EMLINK 31
#define EMSGSIZE 32
#define ENAMETOOLONG 33
#define ENETDOWN 34
#define ENETRESET 35
#define ENETUNREACH 36
#define ENFILE 37
#define ENOBUFS 38
#define ENODEV 39
#define ENOENT 40
#define ENOEXEC 41
#define ENOMEM 42
#define ENOSPC 43
#define ENOSYS 44
#define ENOTCONN 45
#define ENOTDIR 46
#define ENOTEMPTY 47
#define ENOTSOCK 48
#define ENOTSUP 49
#define ENOTTY 50
#define ENXIO 51
#define EOPNOTSUPP 52
#define EOVERFLOW 53
#define EPERM 54
#define EPIPE 55
#define EPROTONOSUPPORT 56
#define ERANGE 57
#define EROFS 58
#define ESRCH 59
#define ETIMEDOUT 60
#define ETXTBSY 61
#define EWOULDBLOCK 62
#define EXDEV 63

#endif
