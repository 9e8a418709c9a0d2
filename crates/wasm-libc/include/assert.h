#ifndef LOCKKEEPER_ASSERT_H
#define LOCKKEEPER_ASSERT_H

#define assert(condition) ((void)0)

#endif
