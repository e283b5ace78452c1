// Gradient of maximum and minimum in layout NHWC, rows at a time on a CPU: each cell gathers from the
// outputs that cover it, in ascending order: one plain running sum. docs/semantics.md, section 5.
//
// A kernel of its own, since tile_selection_gradient.cl takes 3 times as long, max_pool_channels_last_scatter.cl
// 1.8 times: they look at a channel at a time, or go back to cells for each output.
//
// Macros (defaults): TYPE (FLOAT32), ACCUMULATE (0: replaced), those of lib/rows.clh; LANES as many as
//   ROW_LANES; CAPACITY: at least how many outputs cover a cell.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, at
//   least LANES, and of input rows (all depths) per work-item. Work-items: (group of rows, n).
#include "lib/row_sums.clh"
#include "lib/channels_last_rows.clh"

#ifndef ACCUMULATE
#define ACCUMULATE 0
#endif

__kernel void max_pool_channels_last_gradient_backward(__global const T *restrict grad_output,
                                                       __global const int *restrict indices,
                                                       __global T *restrict grad_input,
                                                       const Axis d_given, const Axis h_given,
                                                       const Axis w_given,
                                                       __global const int *restrict tables,
                                                       const int channels, const int rows_per_item) {
  const Axis d = KNOWN(d_given, D), h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  ulong outputs[CAPACITY];
  FOR_EACH_ROW_OF_ITEM(r, d.size * h.size) {
    const Line cd = covers(d, tables, r / h.size), ch = covers(h, tables, r % h.size);
    for (int cell = 0; cell < w.size; cell++) {
      const Line cw = covers(w, tables, cell);
      int count = 0;
      for (int i = 0; i < cd.end; i++)
        for (int j = 0; j < ch.end; j++)
          for (int k = 0; k < cw.end; k++)
            outputs[count++] = CHANNELS_AT((ulong)0, d.outputs * h.outputs, at(cd, i) * h.outputs + at(ch, j),
                                           w.outputs, at(cw, k), channels);
      const BITS flat_cell = r * w.size + cell;
      __global T *restrict to = CHANNELS_AT(grad_input, d.size * h.size, r, w.size, cell, channels);
      FOR_EACH_VECTOR(c, channels) {
#if TYPE == FLOAT32 || TYPE == FLOAT64  // others take longer to be widened than to be waited for
        if (count > 0) {                      // no cell before this one has read its last output
          PREFETCH_FROM(grad_output + outputs[count - 1] + c, 1);
          PREFETCH_FROM(indices + outputs[count - 1] + c, 1);
        }
#endif
        VC sum = NEUTRAL;
        for (int i = 0; i < count; i++) {
          const VBITS selected = TO_VBITS(LOAD_WHOLE(indices + outputs[i] + c)) == flat_cell;
          const VC more = sum + VLOAD(grad_output + outputs[i] + c);
          sum = selected ? more : sum;
        }
        sum = without_negative_zeros(sum);
#if ACCUMULATE
        sum = VLOAD(to + c) + sum;
#endif
        STORE_SUMS(to + c, sum);
      }
    }
  }
}
