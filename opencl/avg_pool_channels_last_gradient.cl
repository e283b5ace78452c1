// Gradient of average and sum in layout NHWC, rows at a time on a CPU. docs/semantics.md, 2.2 and 5. At most
// 64 covers along an axis, float quotients by the device's own division.
//
// Macros (defaults): TYPE (FLOAT32), DIVISOR (CELLS), ACCUMULATE (0: replaced), those of lib/rows.clh; LANES
//   as many as ROW_LANES.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, at
//   least LANES, and of input rows (all depths) per work-item; the divisor of DIVISOR FIXED.
//   Work-items: (group of rows, n).
#include "lib/row_sums.clh"
#include "lib/channels_last_rows.clh"

#ifndef ACCUMULATE
#define ACCUMULATE 0
#endif
#if DIVISOR == NO_DIVISOR
#define AVERAGED(v, divisor) (v)
#else
#define AVERAGED(v, divisor) ((v) / TO_C(divisor))
#endif

__kernel void avg_pool_channels_last_gradient_backward(__global const T *restrict grad_output,
                                                       __global T *restrict grad_input,
                                                       const Axis d_given, const Axis h_given,
                                                       const Axis w_given,
                                                       __global const int *restrict tables,
                                                       const int channels, const int rows_per_item,
                                                       const int fixed_divisor) {
  const Axis d = KNOWN(d_given, D), h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  FOR_EACH_ROW_OF_ITEM(r, d.size * h.size) {
    const Line cd = covers(d, tables, r / h.size), ch = covers(h, tables, r % h.size);
    for (int cell = 0; cell < w.size; cell++) {
      const Line cw = covers(w, tables, cell);
      __global T *restrict to = CHANNELS_AT(grad_input, d.size * h.size, r, w.size, cell, channels);
      FOR_EACH_VECTOR(c, channels) {
        VC over_w = NEUTRAL;
        for (int k = 0; k < cw.end; k++) {
          const Line tw = taps(w, tables, at(cw, k));
          VC over_d = NEUTRAL;
          for (int i = 0; i < cd.end; i++) {
            const Line td = taps(d, tables, at(cd, i));
            VC over_h = NEUTRAL;
            for (int j = 0; j < ch.end; j++) {
              const Line th = taps(h, tables, at(ch, j));
              const VC g = VLOAD(CHANNELS_AT(grad_output, d.outputs * h.outputs, at(cd, i) * h.outputs + at(ch, j), w.outputs,
                                             at(cw, k), channels) + c);
              over_h += AVERAGED(g, divisor_of(d, h, w, td, th, tw, fixed_divisor));
            }
            over_d += over_h;
          }
          over_w += over_d;
        }
        VC sum = without_negative_zeros(over_w);
#if ACCUMULATE
        sum = VLOAD(to + c) + sum;
#endif
        STORE_SUMS(to + c, sum);
      }
    }
  }
}
