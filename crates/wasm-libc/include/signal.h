#ifndef LOCKKEEPER_SIGNAL_H
#define LOCKKEEPER_SIGNAL_H

typedef int sig_atomic_t;
typedef unsigned long sigset_t;

#endif
