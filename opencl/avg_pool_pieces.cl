// Average and sum over any regions, a piece of each region for each launch: as avg_pool.cl, but a
// work-item goes on where that of the launch before ended. docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), DIVISOR (CELLS),
//   ACCUMULATE (0).
// Arguments: the buffers; the sums so far; first and end of the piece (lib/pieces.clh); the axes d, h, w
//   and their tables (lib/regions.clh); channels and planes as in lib/planes.clh; the divisor of DIVISOR
//   FIXED.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/divisors.clh"
#include "lib/gradients.clh"
#include "lib/pieces.clh"

__kernel void avg_pool_pieces_forward(__global const T *restrict x, __global T *restrict y,
                                      __global BoxSum *restrict sums, const uint first,
                                      const uint end, const int8 d, const int8 h, const int8 w,
                                      __global const int *restrict tables, const uint channels,
                                      const uint planes, const int fixed_divisor) {
  BEGIN_OUTPUT(output, region);
  if (is_done(region, first)) return;
  __global const T *plane = PLANE(x, inputs, channels);
  __global BoxSum *so_far = PLANE(sums, outputs, channels) + CELL_OFFSET(output, channels);
  BoxSum sum = first == 0 ? box_sum_of(region) : *so_far;
  for (uint t = first; t < end_of_piece(region, end); t++) {
    const int3 tap = in_sum_order(region, t);
    const int cell = flat(region, tap.s0, tap.s1, tap.s2);
    box_sum_add(&sum, region, t, LOAD(plane, CELL_OFFSET(cell, channels)));
  }
  if (volume(region) > end) {
    *so_far = sum;
    return;
  }
  const long divisor = divisor_of(d, h, w, region.d, region.h, region.w, fixed_divisor);
  const C result = is_empty(region) ? (C)0 : averaged(sum_end(&sum.over_w), divisor);
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels), result);
}

__kernel void avg_pool_pieces_backward(__global const T *restrict grad_output,
                                       __global T *restrict grad_input,
                                       __global BoxSum *restrict sums, const uint first,
                                       const uint end, const int8 d, const int8 h, const int8 w,
                                       __global const int *restrict tables, const uint channels,
                                       const uint planes, const int fixed_divisor) {
  BEGIN_CELL(cell, covering);
  if (is_done(covering, first)) return;
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  __global BoxSum *so_far = PLANE(sums, inputs, channels) + CELL_OFFSET(cell, channels);
  BoxSum sum = first == 0 ? box_sum_of(covering) : *so_far;
  for (uint t = first; t < end_of_piece(covering, end); t++) {
    const int3 cover = in_sum_order(covering, t);
    const int output = flat(covering, cover.s0, cover.s1, cover.s2);
    const Line td = taps(d, tables, at(covering.d, cover.s0));
    const Line th = taps(h, tables, at(covering.h, cover.s1));
    const Line tw = taps(w, tables, at(covering.w, cover.s2));
    box_sum_add(&sum, covering, t,
                averaged(LOAD(gradient, CELL_OFFSET(output, channels)),
                         divisor_of(d, h, w, td, th, tw, fixed_divisor)));
  }
  if (volume(covering) > end) {
    *so_far = sum;
    return;
  }
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels),
                 sum_end(&sum.over_w));
}
