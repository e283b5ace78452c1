// The average weighted by the exponentials of logits (LIP), a row of outputs at a time on a CPU; see
// importance_pool.cl. docs/semantics.md, 2.2, 3, 4 and 5. At most 64 terms along an axis, no region empty,
// float quotients by the device's own division.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/rows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows per work-item. Work-items: (group of planes, group of rows).
#include "lib/row_windows.clh"
#include "lib/sums.clh"
#include "lib/exact_vectors.clh"

// What stands for cells in the padding: without weight, and nothing in a sum.
#define PADDING NEUTRAL
#define LOGIT_PADDING (-(C)INFINITY)

// The greatest of each window; NaN if any logit is NaN. The sign of a zero changes no output.
static inline VC greatest_of(const C *restrict logits, int count, int pitch) {
  VC m = LOGIT_PADDING;
  for (int i = 0; i < count; i++)
    FOR_EACH_TAP(j) {
      const VC logit = TAP(logits + i * pitch, j);
      m = logit > m || logit != logit ? logit : m;
    }
  return m;
}

// The outputs of windows of so many cells. Where every logit is -inf, padding must not count.
static inline VC weighted(const C *restrict x, const C *restrict logits, int count, int pitch, VC cells) {
  const VC m = greatest_of(logits, count, pitch);
  VC sum = NEUTRAL, moment = NEUTRAL;
  FOR_EACH_TAP(j) {
    VC sum_h = NEUTRAL, moment_h = NEUTRAL;
    for (int i = 0; i < count; i++) {
      const VC logit = TAP(logits + i * pitch, j);
      const VC e = logit == m ? (VC)1 : exact_exps(logit - m);
      sum_h += e;
      moment_h += e == (VC)0 ? (VC)NEUTRAL : e * TAP(x + i * pitch, j);
    }
    sum += sum_h;
    moment += moment_h;
  }
  return moment / (m == (VC)LOGIT_PADDING ? cells : sum);
}

__kernel void importance_pool_rows_forward(__global const T *restrict x, __global const T *restrict logits,
                                           __global T *restrict y, const int8 d, const int8 h_given,
                                           const int8 w_given, __global const int *restrict tables,
                                           const uint planes, const int planes_per_item,
                                           const int rows_per_item) {
  const int8 h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int pitch = window_pitch(w);
  const Share share = share_of(planes, planes_per_item, h.s1, rows_per_item);
  C x_rows[CAPACITY + SLACK], logit_rows[CAPACITY + SLACK], counts[CAPACITY];
  for (int i = 0; i < KERNEL_H * pitch + SLACK; i++) {
    x_rows[i] = PADDING;
    logit_rows[i] = LOGIT_PADDING;
  }
  for (int o = 0; o < w.s1; o++) counts[o] = TO_C(cells(taps(w, tables, o)));
  for (uint plane = share.first_plane; plane < share.end_plane; plane++)
    for (int r = share.first_row; r < share.end_row; r++) {
      const Line th = taps(h, tables, r);
      const int count = cells(th);
      const ulong first = (ulong)plane * h.s0 * w.s0;
      for (int i = 0; i < count; i++) {
        const ulong row = first + at(th, th.first + i) * w.s0;
        load_row(x + row, x_rows + i * pitch + w.s4, w.s0);
        load_row(logits + row, logit_rows + i * pitch + w.s4, w.s0);
      }
      __global T *restrict to = y + ((ulong)plane * h.s1 + r) * w.s1;
      FOR_EACH_VECTOR(k, w.s1) {
        const C *x_of = x_rows + k * STRIDE_W, *logits_of = logit_rows + k * STRIDE_W;
        const VC cells_of = TO_C(count) * LOAD_ROW(counts + k);
        const VC results = count == KERNEL_H
                               ? weighted(x_of, logits_of, KERNEL_H, pitch, cells_of)
                               : weighted(x_of, logits_of, count, pitch, cells_of);
        store_outputs(to, k, w.s1, results);
      }
    }
}
