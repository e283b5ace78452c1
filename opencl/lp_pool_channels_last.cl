// The p-norm with p = 1, 2 or 3 in layout NHWC, rows at a time on a CPU; see reductions/lp.clh.
// docs/semantics.md, 2.2, 2.3, 4 and 5. At most 64 terms along an axis, float quotients and square roots by
// the device's own operations.
//
// A kernel of its own, since tile.cl takes 8 times as long: it loads a channel of a cell at a time, and rows share
// no columns.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/powers.clh, lib/rows.clh and lib/channels_last_rows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, at
//   least ROW_LANES, and of output rows (all depths) per work-item. Work-items: (group of rows, n).
#include "lib/row_powers.clh"

#define FOLD(a, b) ((a) + (b))
#define NUMBER TO_C(divisor_of(d, h, w, td, th, tw, fixed_divisor))
#if DIVISOR == NO_DIVISOR
#define FINISH(sums, number) roots(sums)
#else
#define FINISH(sums, number) roots((sums) / (number))
#endif
#define EMPTY ((ROW)0)
#define STORE_CELLS(p, v) STORE_SUMS(p, v)
#include "lib/channels_last_forward.clh"

__kernel void lp_pool_channels_last_forward(__global const T *restrict x, __global T *restrict y,
                                            const Axis d, const Axis h, const Axis w,
                                            __global const int *restrict tables, const int channels,
                                            const int rows_per_item) {
  channels_last_forward(x, y, d, h, w, tables, channels, rows_per_item, 1);
}
