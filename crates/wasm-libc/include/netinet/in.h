#ifndef LOCKKEEPER_NETINET_IN_H
#define LOCKKEEPER_NETINET_IN_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
