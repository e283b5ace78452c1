// Maximum and minimum without indices in layout NHWC, rows at a time on a CPU. docs/semantics.md, 2.4, 4
// and 5.
//
// A kernel of its own, since tile.cl takes 25 times as long: it loads a channel of a cell at a time.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), those of lib/rows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, at
//   least ROW_LANES, and of output rows (all depths) per work-item. Work-items: (group of rows, n).
#include "lib/row_keys.clh"

#define FOLD(a, b) max(a, b)
#define NEUTRAL LEAST_KEY
#define NUMBER 0
#define FINISH(keys, number) bits_of(keys)
#define EMPTY bits_of((ROW)LEAST_KEY)
#define STORE_CELLS(p, v) PUT_ROW(p, v)
#include "lib/channels_last_forward.clh"

__kernel void max_pool_channels_last_forward(__global const CELL_T *restrict x, __global CELL_T *restrict y,
                                             const Axis d, const Axis h, const Axis w,
                                             __global const int *restrict tables, const int channels,
                                             const int rows_per_item) {
  channels_last_forward(x, y, d, h, w, tables, channels, rows_per_item, 1);
}
