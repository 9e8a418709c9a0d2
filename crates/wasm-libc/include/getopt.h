#ifndef LOCKKEEPER_GETOPT_H
#define LOCKKEEPER_GETOPT_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
