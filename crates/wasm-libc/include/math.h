#ifndef LOCKKEEPER_MATH_H
#define LOCKKEEPER_MATH_H

#define isnan __builtin_isnan
#define isinf __builtin_isinf

#endif
