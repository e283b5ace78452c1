// Maximum and minimum in layout NHWC, eight channels at a time. docs/semantics.md, 2.4, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), INDICES (0), ACCUMULATE (0: replaced).
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels,
//   at least 8; the batch size. Work-items: (cell, n).
#include "lib/channels_last.clh"
#include "lib/regions.clh"

#ifndef INDICES
#define INDICES 0
#endif
#ifndef ACCUMULATE
#define ACCUMULATE 0
#endif

__kernel void max_pool_channels_last_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                                             __global int *restrict indices,
#endif
                                             const int8 d, const int8 h, const int8 w,
                                             __global const int *restrict tables,
                                             const uint channels, const uint batch) {
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  const uint output = get_global_id(0), n = get_global_id(1);
  if (output >= outputs || n >= batch) return;
  const Line td = taps(d, tables, output / w.s1 / h.s1);
  const Line th = taps(h, tables, output / w.s1 % h.s1);
  const Line tw = taps(w, tables, output % w.s1);
  __global T *to = CHANNELS_OF(y, n, outputs, output, channels);
  FOR_EACH_CHANNELS(c, channels) {
    VBITS best = LEAST_KEY;
    VBITS index = -1;
    for (int i = td.first; i < td.end; i++)
      for (int j = th.first; j < th.end; j++) {
        const int row = (at(td, i) * h.s0 + at(th, j)) * w.s0;
        for (int k = tw.first; k < tw.end; k++) {
          const int cell = row + at(tw, k);
          const VBITS keys = keys_of(VLOAD(CHANNELS_OF(x, n, inputs, cell, channels) + c));
#if INDICES
          const VBITS better = replace_lanes(keys, best);
          best = select(best, keys, better);
          index = select(index, (VBITS)cell, better);
#else
          best = max(best, keys);
#endif
        }
      }
    VSTORE(to + c, values_of(best));
#if INDICES
    store8(convert_int8(index), CHANNELS_OF(indices, n, outputs, output, channels) + c);
#endif
  }
}

__kernel void max_pool_channels_last_backward(__global const T *restrict grad_output,
                                              __global const int *restrict indices,
                                              __global T *restrict grad_input, const int8 d,
                                              const int8 h, const int8 w,
                                              __global const int *restrict tables,
                                              const uint channels, const uint batch) {
  const uint inputs = (uint)d.s0 * h.s0 * w.s0;
  const uint outputs = (uint)d.s1 * h.s1 * w.s1;
  const uint cell = get_global_id(0), n = get_global_id(1);
  if (cell >= inputs || n >= batch) return;
  const Line cd = covers(d, tables, cell / w.s0 / h.s0);
  const Line ch = covers(h, tables, cell / w.s0 % h.s0);
  const Line cw = covers(w, tables, cell % w.s0);
  __global T *to = CHANNELS_OF(grad_input, n, inputs, cell, channels);
  FOR_EACH_CHANNELS(c, channels) {
    VC sum = (VC)0;
    for (int i = 0; i < cd.end; i++)
      for (int j = 0; j < ch.end; j++) {
        const int row = (at(cd, i) * h.s1 + at(ch, j)) * w.s1;
        for (int k = 0; k < cw.end; k++) {
          const int output = row + at(cw, k);
          const int8 selected = load8(CHANNELS_OF(indices, n, outputs, output, channels) + c);
          const VC g = VLOAD(CHANNELS_OF(grad_output, n, outputs, output, channels) + c);
          sum += select((VC)0, g, TO_VBITS(selected == (int)cell));
        }
      }
#if ACCUMULATE
    sum = VLOAD(to + c) + without_negative_zeros(sum);
#endif
    VSTORE(to + c, sum);
  }
}
