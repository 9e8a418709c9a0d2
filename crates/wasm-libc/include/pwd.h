#ifndef LOCKKEEPER_PWD_H
#define LOCKKEEPER_PWD_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
