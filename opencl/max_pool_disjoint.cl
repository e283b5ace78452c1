// Gradient of maximum and minimum where windows do not overlap: one work-item per output writes its
// tile. docs/semantics.md, 2.4, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), ACCUMULATE (0).
// Arguments: as of max_pool_backward in max_pool.cl.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/gradients.clh"
#include "lib/tiles.clh"

__kernel void max_pool_disjoint_backward(__global const T *restrict grad_output,
                                         __global const int *restrict indices,
                                         __global T *restrict grad_input, const int8 d,
                                         const int8 h, const int8 w,
                                         __global const int *restrict tables, const uint channels,
                                         const uint planes) {
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  if (OUT_OF_RANGE(outputs, channels, planes)) return;
  const int output = CELL;
  const int od = output / w.s1 / h.s1, oh = output / w.s1 % h.s1, ow = output % w.s1;
  const int2 td = tile(d, tables, od), th = tile(h, tables, oh), tw = tile(w, tables, ow);
  const C g = LOAD(PLANE(grad_output, outputs, channels), CELL_OFFSET(output, channels));
  const int selected = PLANE(indices, outputs, channels)[CELL_OFFSET(output, channels)];
  __global T *plane = PLANE(grad_input, inputs, channels);
  for (int i = td.s0; i < td.s1; i++)
    for (int j = th.s0; j < th.s1; j++)
      for (int k = tw.s0; k < tw.s1; k++) {
        const int cell = (i * h.s0 + j) * w.s0 + k;
        // A tile may have cells that are in no region.
        const bool mine = cell == selected && contains(d, tables, od, i) &&
                          contains(h, tables, oh, j) && contains(w, tables, ow, k);
        store_gradient(plane, CELL_OFFSET(cell, channels), mine ? g : (C)0);
      }
}
