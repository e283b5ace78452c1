// z[i] = FUNCTION(x[i]), or FUNCTION(x[i], y[i]), for tests of lib/exact_math.clh. Work-items: one per
// element.
//
// Macros: those of lib/types.clh and lib/exact_math.clh
//   FUNCTION  a function of C, exact_exp by default
//   BINARY    0 (default): a function of x; 1: of x and y
#include "lib/types.clh"
#include "lib/exact_math.clh"

#ifndef FUNCTION
#define FUNCTION exact_exp
#endif
#ifndef BINARY
#define BINARY 0
#endif

__kernel void exact_function(__global const T *restrict x, __global const T *restrict y,
                             __global T *restrict z, const int n) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
#if BINARY
  STORE(z, i, FUNCTION(LOAD(x, i), LOAD(y, i)));
#else
  STORE(z, i, FUNCTION(LOAD(x, i)));
#endif
}
