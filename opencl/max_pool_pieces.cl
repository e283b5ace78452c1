// Maximum and minimum over any regions, a piece of each region for each launch: as max_pool.cl, but a
// work-item goes on where that of the launch before ended. docs/semantics.md, 2.4, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), MINIMUM (0), INDICES (0), ACCUMULATE (0).
// Arguments: the buffers, for gradients the sums so far; first and end of the piece (lib/pieces.clh); the
//   axes d, h, w and their tables (lib/regions.clh); channels and planes as in lib/planes.clh.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/maximum.clh"
#include "lib/gradients.clh"
#include "lib/pieces.clh"

#ifndef INDICES
#define INDICES 0
#endif

// The results hold what was found so far.
__kernel void max_pool_pieces_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                                      __global int *restrict indices,
#endif
                                      const uint first, const uint end, const int8 d, const int8 h,
                                      const int8 w, __global const int *restrict tables,
                                      const uint channels, const uint planes) {
  BEGIN_OUTPUT(output, region);
  if (is_done(region, first)) return;
  __global const T *plane = PLANE(x, inputs, channels);
  __global T *results = PLANE(y, outputs, channels);
  BITS best = first == 0 ? LEAST_KEY : key_of(LOAD(results, CELL_OFFSET(output, channels)));
  int index = -1;
  for (uint t = first; t < end_of_piece(region, end); t++) {
    const int cell = in_flat_order(region, t);
    const BITS key = key_of(LOAD(plane, CELL_OFFSET(cell, channels)));
    if (replaces(key, best)) {
      best = key;
      index = cell;
    }
  }
  STORE(results, CELL_OFFSET(output, channels), value_of(best));
#if INDICES
  if (first == 0 || index >= 0) PLANE(indices, outputs, channels)[CELL_OFFSET(output, channels)] = index;
#endif
}

__kernel void max_pool_pieces_backward(__global const T *restrict grad_output,
                                       __global const int *restrict indices,
                                       __global T *restrict grad_input, __global C *restrict sums,
                                       const uint first, const uint end, const int8 d, const int8 h,
                                       const int8 w, __global const int *restrict tables,
                                       const uint channels, const uint planes) {
  BEGIN_CELL(cell, covering);
  if (is_done(covering, first)) return;
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  __global const int *selected = PLANE(indices, outputs, channels);
  __global C *so_far = PLANE(sums, inputs, channels) + CELL_OFFSET(cell, channels);
  C sum = first == 0 ? (C)0 : *so_far;
  for (uint t = first; t < end_of_piece(covering, end); t++) {
    const int output = in_flat_order(covering, t);
    if (selected[CELL_OFFSET(output, channels)] == cell)
      sum += LOAD(gradient, CELL_OFFSET(output, channels));
  }
  if (volume(covering) <= end)
    store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels), sum);
  else
    *so_far = sum;
}
