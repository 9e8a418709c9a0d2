#ifndef LOCKKEEPER_TIME_H
#define LOCKKEEPER_TIME_H

#define CLOCK_REALTIME 0

typedef long long time_t;

struct timespec {
	time_t tv_sec;
	long tv_nsec;
};

/* Inline functions of PostgreSQL's headers name it; nothing calls it, so it has no definition. */
int clock_gettime(int clock, struct timespec *time);

#endif
