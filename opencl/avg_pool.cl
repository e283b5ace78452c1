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
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  if (OUT_OF_RANGE(outputs, channels, planes)) return;
  const int output = CELL;
  const Line td = taps(d, tables, output / w.s1 / h.s1);
  const Line th = taps(h, tables, output / w.s1 % h.s1);
  const Line tw = taps(w, tables, output % w.s1);
  __global const T *plane = PLANE(x, inputs, channels);
  Sum over_w = sum_after(tw.first);
  for (int k = tw.first; k < tw.end; k++) {
    Sum over_d = sum_after(td.first);
    for (int i = td.first; i < td.end; i++) {
      const int slice = at(td, i) * h.s0;
      Sum over_h = sum_after(th.first);
      for (int j = th.first; j < th.end; j++) {
        const int cell = (slice + at(th, j)) * w.s0 + at(tw, k);
        sum_add(&over_h, LOAD(plane, CELL_OFFSET(cell, channels)));
      }
      sum_add(&over_d, sum_end(&over_h));
    }
    sum_add(&over_w, sum_end(&over_d));
  }
  const bool empty = cells(td) == 0 || cells(th) == 0 || cells(tw) == 0;
  const C result =
      empty ? (C)0 : averaged(sum_end(&over_w), divisor_of(d, h, w, td, th, tw, fixed_divisor));
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels), result);
}

// Gathers from the outputs that cover the cell, each divided first.
__kernel void avg_pool_backward(__global const T *restrict grad_output,
                                __global T *restrict grad_input, const int8 d, const int8 h,
                                const int8 w, __global const int *restrict tables,
                                const uint channels, const uint planes, const int fixed_divisor) {
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  if (OUT_OF_RANGE(inputs, channels, planes)) return;
  const int cell = CELL;
  const Line cd = covers(d, tables, cell / w.s0 / h.s0);
  const Line ch = covers(h, tables, cell / w.s0 % h.s0);
  const Line cw = covers(w, tables, cell % w.s0);
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  Sum over_w = sum_after(0);
  for (int k = 0; k < cw.end; k++) {
    const Line tw = taps(w, tables, at(cw, k));
    Sum over_d = sum_after(0);
    for (int i = 0; i < cd.end; i++) {
      const Line td = taps(d, tables, at(cd, i));
      Sum over_h = sum_after(0);
      for (int j = 0; j < ch.end; j++) {
        const Line th = taps(h, tables, at(ch, j));
        const int output = (at(cd, i) * h.s1 + at(ch, j)) * w.s1 + at(cw, k);
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
