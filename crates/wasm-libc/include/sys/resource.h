#ifndef LOCKKEEPER_SYS_RESOURCE_H
#define LOCKKEEPER_SYS_RESOURCE_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
