// Maximum and minimum over windows, a column of outputs per work-item. docs/semantics.md, 2.4, 4, 5.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), INDICES (0), and those of lib/column.clh.
// Arguments: the buffers; the axes h, w (lib/regions.clh). Work-items: (ow, column, plane); planes:
//   their number, slices of a depth of 1 included.
#include "lib/types.clh"
#include "lib/regions.clh"
#include "lib/maximum.clh"
#include "lib/column.clh"

#ifndef INDICES
#define INDICES 0
#endif

__kernel void max_pool_column_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                                      __global int *restrict indices,
#endif
                                      const int8 h, const int8 w, const uint planes) {
  const int ow = (int)get_global_id(0);
  const int first = (int)get_global_id(1) * COLUMN;
  const ulong plane_number = get_global_id(2);
  if (ow >= w.s1 || first >= h.s1 || plane_number >= planes) return;
  __global const T *plane = x + plane_number * ((uint)h.s0 * w.s0);
  const int top = first * h.s3 - h.s4, left = ow * w.s3 - w.s4;
  BITS best[COLUMN];
  int index[COLUMN];
  for (int o = 0; o < COLUMN; o++) {
    best[o] = LEAST_KEY;
    index[o] = INT_MAX;
  }
  for (int j = 0; j < KERNEL_W; j++) {
    const int iw = left + j * DILATION_W;
    if (iw < 0 || iw >= w.s0) continue;
    BITS keys[COLUMN_ROWS];
#pragma unroll
    for (int r = 0; r < COLUMN_ROWS; r++) {
      const int ih = top + r;
      keys[r] = ih >= 0 && ih < h.s0 ? key_of(LOAD(plane, ih * w.s0 + iw)) : LEAST_KEY;
    }
#pragma unroll
    for (int o = 0; o < COLUMN; o++)
#pragma unroll
      for (int i = 0; i < KERNEL_H; i++) {
        const BITS key = keys[o * STRIDE_H + i * DILATION_H];
        const int cell = (top + o * STRIDE_H + i * DILATION_H) * w.s0 + iw;
        // Columns are visited first, so an equal cell may come earlier in flat order, a NaN later.
        if (key > best[o] ||
            (key == best[o] && key != LEAST_KEY && (key == NAN_KEY) == (cell > index[o]))) {
          best[o] = key;
          index[o] = cell;
        }
      }
  }
  const ulong outputs = plane_number * ((uint)h.s1 * w.s1);
#pragma unroll
  for (int o = 0; o < COLUMN; o++)
    if (first + o < h.s1) {
      const ulong at_output = outputs + (uint)(first + o) * w.s1 + ow;
      STORE(y, at_output, value_of(best[o]));
#if INDICES
      indices[at_output] = best[o] == LEAST_KEY ? -1 : index[o];
#endif
    }
}
