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
  Place place = place_of_item(get_group_id(0), grid);
  const bool exists = place.exists;
  if (!exists) place = place_of_item(0, grid);
  const Windows windows = windows_of(place, blocks, h.outputs, w.outputs);
  const int front = windows.d * STRIDE_D - d.before;
  const int top = windows.h * STRIDE_H - h.before, own_top = top + windows.row * STRIDE_H;
  const int left = windows.w * STRIDE_W - w.before, own_left = left + windows.column * STRIDE_W;
  Region region;
  region.x = X_OF_PLANE;
  region.weights = WEIGHTS_OF_CHANNEL;
  region.columns = (Columns){front, top, left, d.size, h.size, w.size, numbers, keys, cells_of_keys,
                             windows.row, windows.column};
  region.count = CELLS_WITHIN(d, front, D) * CELLS_WITHIN(h, own_top, H) * CELLS_WITHIN(w, own_left, W);
  const int padded =
      PADDED_WITHIN(d, front, D) * PADDED_WITHIN(h, own_top, H) * PADDED_WITHIN(w, own_left, W);
  region.divisor = DIVISOR == FIXED ? fixed_divisor : DIVISOR == PADDED_CELLS ? padded : region.count;
  const int output =
      (windows.d * h.outputs + windows.h + windows.row) * w.outputs + windows.w + windows.column;
  region.u = UNIFORM(output);
  region.choice = CHOICE_OF_PLANE;
  Result result;
  COMPUTE(result, region, output);
  if (exists && windows.exists) {
    STORE_RESULT(result, output);
  }
}
