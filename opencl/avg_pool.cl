// Average and sum over any regions: one work-item per output, and for the gradient one per input
// cell. docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), LONG_SUMS (1),
//   DIVISOR (CELLS): NO_DIVISOR makes it a sum, ACCUMULATE (0).
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); channels and planes as in
//   lib/planes.clh;
//   the divisor of DIVISOR FIXED.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/sums.clh"
#include "lib/divisors.clh"
#include "lib/gradients.clh"

__kernel void avg_pool_forward(__global const T *restrict x, __global T *restrict y, const int8 d,
                               const int8 h, const int8 w, __global const int *restrict tables,
                               const uint channels, const uint planes, const int fixed_divisor) {
  BEGIN_OUTPUT(output, region);
  __global const T *plane = PLANE(x, inputs, channels);
  C sum;
  SUM_OVER(sum, cell, region, LOAD(plane, CELL_OFFSET(cell, channels)));
  const long divisor = divisor_of(d, h, w, region.d, region.h, region.w, fixed_divisor);
  const C result = is_empty(region) ? (C)0 : averaged(sum, divisor);
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels), result);
}

// Gathers from the outputs that cover the cell, each divided first.
__kernel void avg_pool_backward(__global const T *restrict grad_output,
                                __global T *restrict grad_input, const int8 d, const int8 h,
                                const int8 w, __global const int *restrict tables,
                                const uint channels, const uint planes, const int fixed_divisor) {
  BEGIN_CELL(cell, covering);
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  Sum over_w = sum_after(0);
  for (int k = 0; k < covering.w.end; k++) {
    const Line tw = taps(w, tables, at(covering.w, k));
    Sum over_d = sum_after(0);
    for (int i = 0; i < covering.d.end; i++) {
      const Line td = taps(d, tables, at(covering.d, i));
      Sum over_h = sum_after(0);
      for (int j = 0; j < covering.h.end; j++) {
        const Line th = taps(h, tables, at(covering.h, j));
        const int output = flat(covering, i, j, k);
        sum_add(&over_h, averaged(LOAD(gradient, CELL_OFFSET(output, channels)),
                                  divisor_of(d, h, w, td, th, tw, fixed_divisor)));
      }
      sum_add(&over_d, sum_end(&over_h));
    }
    sum_add(&over_w, sum_end(&over_d));
  }
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels),
                 sum_end(&over_w));
}
