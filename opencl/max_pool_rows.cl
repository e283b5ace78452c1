// Maximum and minimum without indices, whole rows at a time on a CPU. docs/semantics.md, 2.4, 4 and 5.
// No region may be empty.
//
// A kernel of its own, since tile.cl takes 8 times as long: its work-items share no columns, and load cell by
// cell.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), those of lib/rows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows (all depths) per work-item.
//   Work-items: (group of planes, group of rows).
#include "lib/row_keys.clh"

#define COUNTS 0
#define NEUTRAL LEAST_KEY
#define FOLD(a, b) max(a, b)
#define FINISH(keys, c) bits_of(keys)
#define STORE_CELLS(p, v) PUT_ROW(p, v)
#define STORE_CELL(p, i, e) ((p)[i] = (e))
#include "lib/rows_forward.clh"

__kernel void max_pool_rows_forward(__global const CELL_T *restrict x, __global CELL_T *restrict y,
                                    const Axis d, const Axis h, const Axis w,
                                    __global const int *restrict tables, const uint planes,
                                    const int planes_per_item, const int rows_per_item) {
  rows_forward(x, y, d, h, w, tables, planes, planes_per_item, rows_per_item, 1);
}
