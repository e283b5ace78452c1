// SoftPool, a row of outputs at a time on a CPU; see soft_pool.cl. docs/semantics.md, 2.2, 3, 4 and 5. At most
// 64 terms along an axis, float quotients by the device's own division.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/rows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows per work-item. Work-items: (group of planes, group of rows).
#define PADDING (-(C)INFINITY)
#include "lib/row_windows.clh"
#include "lib/exact_vectors.clh"

// The greatest of each window; NaN if any cell is NaN. The sign of a zero changes no output.
static inline VC maxima(const C *restrict rows, int count, int pitch) {
  VC m = PADDING;
  for (int i = 0; i < count; i++)
    FOR_EACH_TAP(j) {
      const VC x = TAP(rows + i * pitch, j);
      m = x > m || x != x ? x : m;
    }
  return m;
}

// The outputs of windows with these rows. A weight of 0 is skipped.
static inline VC weighted(const C *restrict rows, int count, int pitch) {
  const VC m = maxima(rows, count, pitch);
  VC sum = (VC)0, moment = (VC)0;
  FOR_EACH_TAP(j) {
    VC sum_h = (VC)0, moment_h = (VC)0;
    for (int i = 0; i < count; i++) {
      const VC distance = TAP(rows + i * pitch, j) - m;
      const VC e = exact_exps(distance);
      sum_h += e;
      moment_h += e == (VC)0 ? (VC)0 : e * distance;
    }
    sum += sum_h;
    moment += moment_h;
  }
  return fabs(m) < (VC)INFINITY ? m + moment / sum : m;
}

__kernel void soft_pool_rows_forward(__global const T *restrict x, __global T *restrict y, const int8 d,
                                     const int8 h_given, const int8 w_given,
                                     __global const int *restrict tables, const uint planes,
                                     const int planes_per_item, const int rows_per_item) {
  const int8 h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int pitch = window_pitch(w);
  const Share share = share_of(planes, planes_per_item, h.s1, rows_per_item);
  C rows[CAPACITY + SLACK];
  for (int i = 0; i < KERNEL_H * pitch + SLACK; i++) rows[i] = PADDING;
  for (uint plane = share.first_plane; plane < share.end_plane; plane++)
    for (int r = share.first_row; r < share.end_row; r++) {
      const Line th = taps(h, tables, r);
      const int count = cells(th);
      __global const T *restrict from = x + (ulong)plane * h.s0 * w.s0;
      __global T *restrict to = y + ((ulong)plane * h.s1 + r) * w.s1;
      for (int i = 0; i < count; i++)
        load_row(from + at(th, th.first + i) * w.s0, rows + i * pitch + w.s4, w.s0);
      FOR_EACH_VECTOR(k, w.s1) {
        const VC results = count == KERNEL_H ? weighted(rows + k * STRIDE_W, KERNEL_H, pitch)
                                             : weighted(rows + k * STRIDE_W, count, pitch);
        store_outputs(to, k, w.s1, results);
      }
    }
}
