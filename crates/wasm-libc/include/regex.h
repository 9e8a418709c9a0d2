#ifndef LOCKKEEPER_REGEX_H
#define LOCKKEEPER_REGEX_H

/* Included by PostgreSQL's headers; the parser needs nothing of it. */

#endif
