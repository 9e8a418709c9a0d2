#ifndef LOCKKEEPER_PTHREAD_H
#define LOCKKEEPER_PTHREAD_H

typedef unsigned pthread_key_t;

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int pthread_setspecific(pthread_key_t key, const void *value);

#endif
