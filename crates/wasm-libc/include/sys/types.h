#ifndef LOCKKEEPER_SYS_TYPES_H
#define LOCKKEEPER_SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef unsigned int mode_t;
typedef long long off_t;
typedef int pid_t;
typedef long ssize_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned long long dev_t;
typedef unsigned long long ino_t;

#endif
