#ifndef LOCKKEEPER_INTTYPES_H
#define LOCKKEEPER_INTTYPES_H

#include <stdint.h>

#define PRIu32 __UINT32_FMTu__
#define PRIx64 __UINT64_FMTx__
#define PRId64 __INT64_FMTd__
#define PRIu64 __UINT64_FMTu__

#endif
