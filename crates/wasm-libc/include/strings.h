#ifndef LOCKKEEPER_STRINGS_H
#define LOCKKEEPER_STRINGS_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
