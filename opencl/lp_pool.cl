// The p-norm of a region with finite p: the root of the sum of powers of the cells' magnitudes. One
// work-item per output; for the gradient first the statistics of each output, then one work-item per
// cell. docs/semantics.md, 2.2, 2.3, 3, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION and SQUARE_ROOT (NATIVE), CHANNELS_LAST (0), LONG_SUMS (1),
//   ACCUMULATE (0), those of lib/powers.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); channels and planes as in
//   lib/planes.clh. Statistics: the norms; the outputs' gradients, divided by DIVISOR.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/sums.clh"
#include "lib/powers.clh"
#include "lib/gradients.clh"

static inline C norm_of(__global const T *plane, Box region, uint channels) {
  C sum;
  SUM_OVER(sum, cell, region, power(LOAD(plane, CELL_OFFSET(cell, channels))));
  return is_empty(region) ? (C)0 : root(averaged(sum, volume(region)));
}

// What an output gives to the gradient of a cell.
static inline C term(C x, C share, C norm) {
  const C sign = SIGNED ? (C)1 : sign_of(x);
  if (POWER == 1) return share * sign;
  if (x == (C)0 || norm == (C)0) return SKIPPED;
  if (!(fabs(norm) < (C)INFINITY)) return (C)NAN;
  return share * (sign * power_below(divide(base(x), norm)));
}

__kernel void lp_pool_forward(__global const T *restrict x, __global T *restrict y, GEOMETRY) {
  BEGIN_OUTPUT(output, region);
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels),
        norm_of(PLANE(x, inputs, channels), region, channels));
}

__kernel void lp_pool_statistics(__global const T *restrict x, __global const T *restrict grad_output,
                                 __global C *restrict norms, __global C *restrict shares, GEOMETRY) {
  BEGIN_OUTPUT(output, region);
  const ulong at_output = CELL_OFFSET(output, channels);
  PLANE(norms, outputs, channels)[at_output] = norm_of(PLANE(x, inputs, channels), region, channels);
  PLANE(shares, outputs, channels)[at_output] =
      averaged(LOAD(PLANE(grad_output, outputs, channels), at_output), volume(region));
}

__kernel void lp_pool_backward(__global const T *restrict x, __global const C *restrict norms,
                               __global const C *restrict shares, __global T *restrict grad_input,
                               GEOMETRY) {
  BEGIN_CELL(cell, covering);
  const C value = LOAD(PLANE(x, inputs, channels), CELL_OFFSET(cell, channels));
  __global const C *norm = PLANE(norms, outputs, channels);
  __global const C *share = PLANE(shares, outputs, channels);
  C total;
  SUM_OVER(total, output, covering,
           term(value, share[CELL_OFFSET(output, channels)], norm[CELL_OFFSET(output, channels)]));
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels), total);
}
