// The p-norm with p = 1, 2 or 3, whole rows at a time on a CPU; see reductions/lp.clh. docs/semantics.md, 2.2, 2.3, 4
// and 5. At most 64 terms along an axis, no region empty, float quotients and square roots by the device's
// own operations.
//
// A kernel of its own, since tile.cl takes 7 times as long: its work-items share no columns, and load cell by
// cell.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/powers.clh and lib/rows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows (all depths) per work-item. Work-items: (group of planes,
//   group of rows).
#include "lib/row_powers.clh"

#define FOLD(a, b) ((a) + (b))
#if COUNTS
#define FINISH(sums, c) roots((sums) / (row_count * LOAD_ROW(counts + (c))))
#else
#define FINISH(sums, c) roots(sums)
#endif
#define STORE_CELLS(p, v) STORE_SUMS(p, v)
#define STORE_CELL(p, i, e) STORE(p, i, e)
#include "lib/rows_forward.clh"

__kernel void lp_pool_rows_forward(__global const T *restrict x, __global T *restrict y, const Axis d,
                                   const Axis h, const Axis w, __global const int *restrict tables,
                                   const uint planes, const int planes_per_item,
                                   const int rows_per_item) {
  rows_forward(x, y, d, h, w, tables, planes, planes_per_item, rows_per_item, 1);
}
