#ifndef LOCKKEEPER_LOCALE_H
#define LOCKKEEPER_LOCALE_H

typedef struct locale *locale_t;

#endif
