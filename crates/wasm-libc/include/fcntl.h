#ifndef LOCKKEEPER_FCNTL_H
#define LOCKKEEPER_FCNTL_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
