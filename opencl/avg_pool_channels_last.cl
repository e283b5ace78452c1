// Average and sum in layout NHWC, eight channels at a time. docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISOR (CELLS), ACCUMULATE (0: replaced). At most 64 terms along
//   an axis; float quotients by the device's own division.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels,
//   at least 8; the batch size; the divisor of DIVISOR FIXED. Work-items: (cell, n).
#include "lib/channels_last.clh"
#include "lib/regions.clh"
#include "lib/divisors.clh"

#ifndef ACCUMULATE
#define ACCUMULATE 0
#endif

#define SKIPPED ((VC)(-0.0f))
#if DIVISOR == NO_DIVISOR
#define AVERAGED(sum, divisor) (sum)
#else
#define AVERAGED(sum, divisor) ((sum) / (VC)TO_C(divisor))
#endif

__kernel void avg_pool_channels_last_forward(__global const T *restrict x, __global T *restrict y,
                                             const int8 d, const int8 h, const int8 w,
                                             __global const int *restrict tables,
                                             const uint channels, const uint batch,
                                             const int fixed_divisor) {
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  const uint output = get_global_id(0), n = get_global_id(1);
  if (output >= outputs || n >= batch) return;
  const Line td = taps(d, tables, output / w.s1 / h.s1);
  const Line th = taps(h, tables, output / w.s1 % h.s1);
  const Line tw = taps(w, tables, output % w.s1);
  const bool empty = cells(td) == 0 || cells(th) == 0 || cells(tw) == 0;
  const long divisor = divisor_of(d, h, w, td, th, tw, fixed_divisor);
  __global T *to = CHANNELS_OF(y, n, outputs, output, channels);
  FOR_EACH_CHANNELS(c, channels) {
    VC over_w = SKIPPED;
    for (int k = tw.first; k < tw.end; k++) {
      VC over_d = SKIPPED;
      for (int i = td.first; i < td.end; i++) {
        VC over_h = SKIPPED;
        for (int j = th.first; j < th.end; j++) {
          const int cell = (at(td, i) * h.s0 + at(th, j)) * w.s0 + at(tw, k);
          over_h += VLOAD(CHANNELS_OF(x, n, inputs, cell, channels) + c);
        }
        over_d += over_h;
      }
      over_w += over_d;
    }
    VSTORE(to + c, empty ? (VC)0 : AVERAGED(over_w, divisor));
  }
}

__kernel void avg_pool_channels_last_backward(__global const T *restrict grad_output,
                                              __global T *restrict grad_input, const int8 d,
                                              const int8 h, const int8 w,
                                              __global const int *restrict tables,
                                              const uint channels, const uint batch,
                                              const int fixed_divisor) {
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  const uint cell = get_global_id(0), n = get_global_id(1);
  if (cell >= inputs || n >= batch) return;
  const Line cd = covers(d, tables, cell / w.s0 / h.s0);
  const Line ch = covers(h, tables, cell / w.s0 % h.s0);
  const Line cw = covers(w, tables, cell % w.s0);
  __global T *to = CHANNELS_OF(grad_input, n, inputs, cell, channels);
  FOR_EACH_CHANNELS(c, channels) {
    VC over_w = SKIPPED;
    for (int k = 0; k < cw.end; k++) {
      const Line tw = taps(w, tables, at(cw, k));
      VC over_d = SKIPPED;
      for (int i = 0; i < cd.end; i++) {
        const Line td = taps(d, tables, at(cd, i));
        VC over_h = SKIPPED;
        for (int j = 0; j < ch.end; j++) {
          const Line th = taps(h, tables, at(ch, j));
          const int output = (at(cd, i) * h.s1 + at(ch, j)) * w.s1 + at(cw, k);
          const VC g = VLOAD(CHANNELS_OF(grad_output, n, outputs, output, channels) + c);
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
    VSTORE(to + c, sum);
  }
}
