#ifndef LOCKKEEPER_SYSLOG_H
#define LOCKKEEPER_SYSLOG_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
