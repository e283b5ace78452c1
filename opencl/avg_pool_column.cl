// Average and sum over windows, a column of outputs per work-item. docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), DIVISOR (CELLS), and those of
//   lib/column.clh. At most 64 taps along an axis.
// Arguments: the buffers; the axes h, w (lib/regions.clh); planes as in max_pool_column.cl; the
//   divisor of DIVISOR FIXED. Work-items: (ow, column, plane).
#include "lib/types.clh"
#include "lib/regions.clh"
#include "lib/divisors.clh"
#include "lib/column.clh"

__kernel void avg_pool_column_forward(__global const T *restrict x, __global T *restrict y,
                                      const int8 h, const int8 w, const uint planes,
                                      const int fixed_divisor) {
  const int ow = (int)get_global_id(0);
  const int first = (int)get_global_id(1) * COLUMN;
  const ulong plane_number = get_global_id(2);
  if (ow >= w.s1 || first >= h.s1 || plane_number >= planes) return;
  __global const T *plane = x + plane_number * ((uint)h.s0 * w.s0);
  const int top = first * h.s3 - h.s4, left = ow * w.s3 - w.s4;
  C sums[COLUMN];
  for (int o = 0; o < COLUMN; o++) sums[o] = (C)-0.0f;
  for (int j = 0; j < KERNEL_W; j++) {
    const int iw = left + j * DILATION_W;
    if (iw < 0 || iw >= w.s0) continue;
    C values[COLUMN_ROWS];
#pragma unroll
    for (int r = 0; r < COLUMN_ROWS; r++) {
      const int ih = top + r;
      values[r] = ih >= 0 && ih < h.s0 ? LOAD(plane, ih * w.s0 + iw) : (C)-0.0f;
    }
#pragma unroll
    for (int o = 0; o < COLUMN; o++) {
      C over_h = (C)-0.0f;
#pragma unroll
      for (int i = 0; i < KERNEL_H; i++) over_h += values[o * STRIDE_H + i * DILATION_H];
      sums[o] += over_h;
    }
  }
  const Line td = {0, 1, 0, 1};
  const Line tw = taps(w, 0, ow);
  const ulong outputs = plane_number * ((uint)h.s1 * w.s1);
  for (int o = 0; o < COLUMN; o++)
    if (first + o < h.s1) {
      const Line th = taps(h, 0, first + o);
      const bool empty = cells(th) == 0 || cells(tw) == 0;
      const int8 d = (int8)(1, 1, 1, 1, 0, 0, 1, -1);
      const C result =
          empty ? (C)0 : averaged(sums[o], divisor_of(d, h, w, td, th, tw, fixed_divisor));
      STORE(y, outputs + (uint)(first + o) * w.s1 + ow, result);
    }
}
