#ifndef LOCKKEEPER_SYS_TIME_H
#define LOCKKEEPER_SYS_TIME_H

#include <time.h>

#endif
