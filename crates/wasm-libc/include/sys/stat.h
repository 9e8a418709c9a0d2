#ifndef LOCKKEEPER_SYS_STAT_H
#define LOCKKEEPER_SYS_STAT_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
