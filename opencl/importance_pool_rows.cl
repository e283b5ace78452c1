// The average weighted by the exponentials of logits (LIP), a row of outputs at a time on a CPU; see
// reductions/importance.clh. docs/semantics.md, 2.2, 3, 4 and 5. At most 64 terms along an axis, no region empty,
// float quotients by the device's own division.
//
// A kernel of its own, since tile.cl takes 11 times as long: its exponentials come one by one, not by vectors.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/row_windows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows per work-item. Work-items: (group of planes, group of rows).
#include "lib/row_windows.clh"
#include "lib/row_importance.clh"

// The outputs of windows of so many cells.
static inline VC weighted(const C *restrict x, const C *restrict logits, int pitch, VC cells) {
  VC weights[TAPS];
  const VC sum = weights_of(logits, pitch, cells, weights);
  return weighted_sum(x, pitch, weights) / sum;
}

__kernel void importance_pool_rows_forward(__global const T *restrict x, __global const T *restrict logits,
                                           __global T *restrict y, const Axis d, const Axis h_given,
                                           const Axis w_given, __global const int *restrict tables,
                                           const uint planes, const int planes_per_item,
                                           const int rows_per_item) {
  const Axis h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int pitch = window_pitch(w);
  const Share share = share_of(planes, planes_per_item, h.outputs, rows_per_item);
  C x_rows[CAPACITY + SLACK], logit_rows[CAPACITY + SLACK], counts[CAPACITY];
  clear_rows(x_rows, pitch, NEUTRAL);
  clear_rows(logit_rows, pitch, NO_WEIGHT);
  for (int o = 0; o < w.outputs; o++) counts[o] = TO_C(cells(taps(w, tables, o)));
  for (uint plane = share.first_plane; plane < share.end_plane; plane++)
    for (int r = share.first_row; r < share.end_row; r++) {
      const Line th = taps(h, tables, r);
      const ulong first = ROW_START(plane, h.size, 0, w.size);
      load_rows(x + first, th, w, x_rows, pitch, NEUTRAL);
      load_rows(logits + first, th, w, logit_rows, pitch, NO_WEIGHT);
      __global T *restrict to = y + ROW_START(plane, h.outputs, r, w.outputs);
      FOR_EACH_VECTOR(k, w.outputs) {
        const C *x_of = x_rows + k * STRIDE_W, *logits_of = logit_rows + k * STRIDE_W;
        const VC cells_of = TO_C(cells(th)) * LOAD_ROW(counts + k);
        store_outputs(to, k, w.outputs, weighted(x_of, logits_of, pitch, cells_of));
      }
    }
}
