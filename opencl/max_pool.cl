// Maximum and minimum over any regions: one work-item per output, and for the gradient one per input
// cell. docs/semantics.md, 2.4, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), MINIMUM (0), MAGNITUDES (0),
//   INDICES (0): whether the forward pass stores the index of the selected cell,
//   ACCUMULATE (0): whether a gradient is added to what is there.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); channels and planes as in
//   lib/planes.clh.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/maximum.clh"
#include "lib/gradients.clh"

#ifndef INDICES
#define INDICES 0
#endif

__kernel void max_pool_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                               __global int *restrict indices,
#endif
                               const int8 d, const int8 h, const int8 w,
                               __global const int *restrict tables, const uint channels, const uint planes) {
  BEGIN_OUTPUT(output, region);
  __global const T *plane = PLANE(x, inputs, channels);
  BITS best = LEAST_KEY;
  int index = -1;
  FOR_EACH_POSITION(cell, region) {
    const BITS key = key_of(LOAD(plane, CELL_OFFSET(cell, channels)));
    if (replaces(key, best)) {
      best = key;
      index = cell;
    }
  }
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels), value_of(best));
#if INDICES
  PLANE(indices, outputs, channels)[CELL_OFFSET(output, channels)] = index;
#endif
}

// Gathers from the outputs that cover the cell, in ascending order: one plain running sum.
__kernel void max_pool_backward(__global const T *restrict grad_output,
                                __global const int *restrict indices,
#if MAGNITUDES
                                __global const T *restrict x,
#endif
                                __global T *restrict grad_input, const int8 d, const int8 h,
                                const int8 w, __global const int *restrict tables,
                                const uint channels, const uint planes) {
  BEGIN_CELL(cell, covering);
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  __global const int *selected = PLANE(indices, outputs, channels);
#if MAGNITUDES
  const C value = LOAD(PLANE(x, inputs, channels), CELL_OFFSET(cell, channels));
  const C slope = value > (C)0 ? (C)1 : value < (C)0 ? (C)-1 : (C)0;
#else
  const C slope = (C)1;
#endif
  C sum = (C)0;
  FOR_EACH_POSITION(output, covering)
    if (selected[CELL_OFFSET(output, channels)] == cell)
      sum += LOAD(gradient, CELL_OFFSET(output, channels)) * slope;
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels), sum);
}
