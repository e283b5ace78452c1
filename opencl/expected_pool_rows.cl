// What stochastic pooling draws on average, a row of outputs at a time on a CPU; see reductions/expected.clh.
// docs/semantics.md, 2.2, 4 and 5. At most 64 terms along an axis, float quotients by the device's own
// division.
//
// A kernel of its own, since tile.cl takes 4 times as long: it loads cell by cell, and computes no outputs side by
// side.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/rows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows per work-item. Work-items: (group of planes, group of rows).
#include "lib/row_windows.clh"

// The outputs of windows. Padding adds nothing.
static inline VC expected(const C *restrict rows, int pitch) {
  VC sum = (VC)0, squares = (VC)0;
  FOR_EACH_TAP(j) {
    VC sum_h = (VC)0, squares_h = (VC)0;
    FOR_EACH_ROW(i) {
      const VC x = TAP(rows + i * pitch, j);
      const VC weights = x < (VC)0 ? (VC)0 : x;
      sum_h += weights;
      squares_h += weights * weights;
    }
    sum += sum_h;
    squares += squares_h;
  }
  return sum == (VC)0 ? (VC)0 : squares / sum;
}

__kernel void expected_pool_rows_forward(__global const T *restrict x, __global T *restrict y, const Axis d,
                                         const Axis h_given, const Axis w_given,
                                         __global const int *restrict tables, const uint planes,
                                         const int planes_per_item, const int rows_per_item) {
  REDUCE_WINDOWS(expected, NEUTRAL)
}
