#ifndef LOCKKEEPER_NETINET_TCP_H
#define LOCKKEEPER_NETINET_TCP_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
