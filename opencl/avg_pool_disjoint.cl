// Gradient of average and sum where windows do not overlap: one work-item per output writes its tile.
// docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), DIVISOR (CELLS),
//   ACCUMULATE (0).
// Arguments: as of avg_pool_backward in avg_pool.cl.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/divisors.clh"
#include "lib/gradients.clh"
#include "lib/tiles.clh"

__kernel void avg_pool_disjoint_backward(__global const T *restrict grad_output,
                                         __global T *restrict grad_input, const int8 d,
                                         const int8 h, const int8 w,
                                         __global const int *restrict tables, const uint channels,
                                         const uint planes, const int fixed_divisor) {
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  if (OUT_OF_RANGE(outputs, channels, planes)) return;
  const int output = CELL;
  const int od = output / w.s1 / h.s1, oh = output / w.s1 % h.s1, ow = output % w.s1;
  const Line ld = taps(d, tables, od), lh = taps(h, tables, oh), lw = taps(w, tables, ow);
  const int2 td = tile(d, tables, od), th = tile(h, tables, oh), tw = tile(w, tables, ow);
  const C term = averaged(LOAD(PLANE(grad_output, outputs, channels), CELL_OFFSET(output, channels)),
                          divisor_of(d, h, w, ld, lh, lw, fixed_divisor));
  __global T *plane = PLANE(grad_input, inputs, channels);
  for (int i = td.s0; i < td.s1; i++)
    for (int j = th.s0; j < th.s1; j++) {
      const bool row_covered = in_window(ld, i) && in_window(lh, j);
      for (int k = tw.s0; k < tw.s1; k++) {
        const int cell = (i * h.s0 + j) * w.s0 + k;
        store_gradient(plane, CELL_OFFSET(cell, channels),
                       row_covered && in_window(lw, k) ? term : (C)0);
      }
    }
}
