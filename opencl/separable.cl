// Reductions of which every cell's term is the same for all outputs, over large windows: a work-group makes a
// block of outputs, which share the columns of their cells (lib/separable.clh). docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): REDUCTION ("reductions/max.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   LARGE (0), those of lib/outputs.clh and lib/separable.clh. Layout NCHW.
// Arguments: BUFFERS and GEOMETRY of lib/outputs.clh, whose grid counts blocks; how slices are cut into them.
//   Work-groups: GROUP items, a block each.
#ifndef REDUCTION
#define REDUCTION "reductions/max.clh"
#endif
#define LONG_SUMS 0
#include "lib/outputs.clh"
#include "lib/sums.clh"
#define FOLDS_AGAIN TERMS  // a parameter's gradient needs a sum of its own
#include "lib/separable.clh"

typedef struct {
  __global const T *x;
  __global const C *weights;
  Columns columns;
  int count, divisor;
  C u;
  int choice;
} Region;

#define CELL(region, cell) (region).x[cell]
#define SUM_CELLS(total, region, cell, term) SUM_OF_COLUMNS(total, (region).columns, cell, term)
#define GREATEST(best, region, cell, key) GREATEST_OF_COLUMNS(best, (region).columns, cell, key)
#define GREATEST_KEY(best, region, cell, key) GREATEST_KEY_OF_COLUMNS(best, (region).columns, cell, key)
#include REDUCTION
#include "lib/results.clh"

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void separable(BUFFERS GEOMETRY, const Tiles blocks) {
  __local C numbers[FOLDED];
  __local BITS keys[FOLDED];
  __local int cells_of_keys[FOLDED];
  const Place place = place_of_item(get_group_id(0), grid);
  if (!place.exists) return;
  const Windows windows = windows_of(place, blocks);
  const int front = windows.d * STRIDE_D - d.before;
  const int top = windows.h * STRIDE_H - h.before, left = windows.w * STRIDE_W - w.before;
  const int count_d = CELLS_WITHIN(d, front, D), padded_d = PADDED_WITHIN(d, front, D);
  Region region;
  region.x = X_OF_PLANE;
  region.weights = WEIGHTS_OF_CHANNEL;
  region.columns = (Columns){front, top, left, d.size, h.size, w.size, numbers, keys, cells_of_keys,
                             0, 0, true};
  region.choice = CHOICE_OF_PLANE;
  UNROLL for (int number = 0; number < EACH; number++) {
    const bool exists = take_window(&region.columns, number, windows, h.outputs, w.outputs);
    const int row = region.columns.row, column = region.columns.column;
    const int own_top = top + row * STRIDE_H, own_left = left + column * STRIDE_W;
    region.count = count_d * CELLS_WITHIN(h, own_top, H) * CELLS_WITHIN(w, own_left, W);
    const int padded = padded_d * PADDED_WITHIN(h, own_top, H) * PADDED_WITHIN(w, own_left, W);
    region.divisor = DIVISOR == FIXED ? fixed_divisor : DIVISOR == PADDED_CELLS ? padded : region.count;
    const int output = (windows.d * h.outputs + windows.h + row) * w.outputs + windows.w + column;
    region.u = UNIFORM(output);
    Result result;
    COMPUTE(result, region, output);
    if (exists) {
      STORE_RESULT(result, output);
    }
  }
}
