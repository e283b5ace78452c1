// SoftPool, a row of outputs at a time on a CPU; see reductions/soft.clh. docs/semantics.md, 2.2, 3, 4 and 5. At most
// 64 terms along an axis, float quotients by the device's own division.
//
// A kernel of its own, since tile.cl takes 11 times as long: its exponentials come one by one, not by vectors.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/row_windows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows per work-item. Work-items: (group of planes, group of rows).
#include "lib/row_windows.clh"
#include "lib/row_weights.clh"

// The outputs of windows. A weight of 0 changes no sum.
static inline VC weighted(const C *restrict rows, int pitch) {
  const VC m = greatest_number(rows, pitch);
  VC sum = (VC)0, moment = (VC)0;
  FOR_EACH_TAP(j) {
    VC sum_h = (VC)0, moment_h = (VC)0;
    FOR_EACH_ROW(i) {
      const VC distance = at_least_lowests(TAP(rows + i * pitch, j) - m);
      const VC e = exact_exps_down_from_0(distance);
      sum_h += e;
      moment_h += e * distance;
    }
    sum += sum_h;
    moment += moment_h;
  }
  const VC y = m + moment / sum;
  if (ordinary(sum)) return y;
  const VC special = greatest_or_nan(rows, pitch);
  return fabs(special) < (VC)INFINITY ? y : special;
}

__kernel void soft_pool_rows_forward(__global const T *restrict x, __global T *restrict y, const Axis d,
                                     const Axis h_given, const Axis w_given,
                                     __global const int *restrict tables, const uint planes,
                                     const int planes_per_item, const int rows_per_item) {
  REDUCE_WINDOWS(weighted, NO_WEIGHT)
}
