// Maximum and minimum over any regions: one work-item per output, and for the gradient one per input
// cell. docs/semantics.md, 2.4, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), MINIMUM (0),
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
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  if (OUT_OF_RANGE(outputs, channels, planes)) return;
  const int output = CELL;
  const Line td = taps(d, tables, output / w.s1 / h.s1);
  const Line th = taps(h, tables, output / w.s1 % h.s1);
  const Line tw = taps(w, tables, output % w.s1);
  __global const T *plane = PLANE(x, inputs, channels);
  BITS best = LEAST_KEY;
  int index = -1;
  for (int i = td.first; i < td.end; i++)
    for (int j = th.first; j < th.end; j++) {
      const int row = (at(td, i) * h.s0 + at(th, j)) * w.s0;
      for (int k = tw.first; k < tw.end; k++) {
        const int cell = row + at(tw, k);
        const BITS key = key_of(LOAD(plane, CELL_OFFSET(cell, channels)));
        if (replaces(key, best)) {
          best = key;
          index = cell;
        }
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
                                __global T *restrict grad_input, const int8 d, const int8 h,
                                const int8 w, __global const int *restrict tables,
                                const uint channels, const uint planes) {
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  if (OUT_OF_RANGE(inputs, channels, planes)) return;
  const int cell = CELL;
  const Line cd = covers(d, tables, cell / w.s0 / h.s0);
  const Line ch = covers(h, tables, cell / w.s0 % h.s0);
  const Line cw = covers(w, tables, cell % w.s0);
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  __global const int *selected = PLANE(indices, outputs, channels);
  C sum = (C)0;
  for (int i = 0; i < cd.end; i++)
    for (int j = 0; j < ch.end; j++) {
      const int row = (at(cd, i) * h.s1 + at(ch, j)) * w.s1;
      for (int k = 0; k < cw.end; k++) {
        const int output = row + at(cw, k);
        if (selected[CELL_OFFSET(output, channels)] == cell)
          sum += LOAD(gradient, CELL_OFFSET(output, channels));
      }
    }
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels), sum);
}
