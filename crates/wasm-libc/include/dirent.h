#ifndef LOCKKEEPER_DIRENT_H
#define LOCKKEEPER_DIRENT_H

typedef struct DIR DIR;

#endif
