#ifndef LOCKKEEPER_SYS_UN_H
#define LOCKKEEPER_SYS_UN_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
