// z[i] = FUNCTION(x[i]), or FUNCTION(x[i], y[i]), for tests of lib/exact_math.clh, and of what kernels use that
// work on LANES numbers at a time. Work-items: one per call of the function.
//
// Macros: those of lib/types.clh and lib/exact_math.clh
//   FUNCTION   exact_exp by default; quotients: of vectors
//   ARGUMENTS  1 (default) or 2: how many the function has
//   VECTORS    0 (default): a function of C; 1: of VC
//
// Arguments: x, y and z; their length, with VECTORS a multiple of LANES.
#include "lib/types.clh"
#include "lib/exact_math.clh"

#ifndef FUNCTION
#define FUNCTION exact_exp
#endif
#ifndef ARGUMENTS
#define ARGUMENTS 1
#endif
#ifndef VECTORS
#define VECTORS 0
#endif

#if VECTORS
#include "lib/exact_vectors.clh"
#define quotients(a, b) ((a) / (b))
#define STEP LANES
#define GET(p, i) VLOAD((p) + (i))
#define PUT(p, i, v) VSTORE((p) + (i), v)
#else
#define STEP 1
#define GET(p, i) LOAD(p, i)
#define PUT(p, i, v) STORE(p, i, v)
#endif

__kernel void exact_function(__global const T *restrict x, __global const T *restrict y,
                             __global T *restrict z, const int n) {
  const int i = (int)get_global_id(0) * STEP;
  if (i >= n) return;
#if ARGUMENTS == 2
  PUT(z, i, FUNCTION(GET(x, i), GET(y, i)));
#else
  PUT(z, i, FUNCTION(GET(x, i)));
#endif
}
