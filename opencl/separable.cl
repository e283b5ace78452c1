// Reductions of which every cell's term is the same for all outputs, over large windows: a work-group makes
// blocks of outputs, which share the columns and rows of their cells (lib/separable.clh). docs/semantics.md, 2.2,
// 4 and 5.
//
// Macros (defaults): REDUCTION ("reductions/max.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   CHANNELS_LAST (0), LARGE (0), those of lib/outputs.clh and lib/separable.clh. With more than one block, terms of
//   cells know no weights; with more than one row of its own, a reduction folds nothing twice of the same kind.
// Arguments: BUFFERS and GEOMETRY of lib/outputs.clh, whose grid counts blocks; how slices are cut into them.
//   Work-groups: GROUP items, BLOCKS blocks each.
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

#define CELL(region, cell) (region).x[FOLDED_OFFSET]
#define SUM_BOTH SUM_BOTH_IN_TURN
#define SUM_CELLS(total, region, cell, term) SUM_OF_COLUMNS(total, (region).columns, cell, term)
#define GREATEST(best, region, cell, key) GREATEST_OF_COLUMNS(best, (region).columns, cell, key)
#define GREATEST_KEY(best, region, cell, key) GREATEST_KEY_OF_COLUMNS(best, (region).columns, cell, key)
#include REDUCTION
#include "lib/results.clh"

// Where the first window of a block begins along an axis, and how large the plane is.
#define FIRST_OF(axis, windows, NAME) (PLANE_##NAME ? -BEFORE_##NAME : (windows)*STRIDE_##NAME - (axis).before)
#define SIZE_OF(axis, NAME) (PLANE_##NAME ? PLANE_##NAME : (axis).size)

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void separable(BUFFERS GEOMETRY, const Tiles blocks) {
  __local C numbers[FOLDED];
  __local BITS keys[FOLDED];
  __local int cells_of_keys[FOLDED];
  Region region;
  {
    const Place place = PLACE_OF_COLUMN;
    const Windows windows = windows_of(place, blocks);
    region.x = X_OF_PLANE;
    region.columns = (Columns){windows.d * STRIDE_D - d.before, FIRST_OF(h, windows.h, H), FIRST_OF(w, windows.w, W),
                               d.size, SIZE_OF(h, H), SIZE_OF(w, W), PITCH_OF_X,
                               numbers, keys, cells_of_keys, 0, false};
  }
  const Place place = PLACE_OF_OWN;
  const Windows windows = windows_of(place, blocks);
  const int front = windows.d * STRIDE_D - d.before;
  const int count_d = CELLS_WITHIN(d, front, D), padded_d = PADDED_WITHIN(d, front, D);
  region.weights = WEIGHTS_OF_CHANNEL;
  region.choice = CHOICE_OF_PLANE;
  Result results[OWN_ROWS];
  int outputs[OWN_ROWS];
  bool exists[OWN_ROWS];
  UNROLL for (int o = 0; o < OWN_ROWS; o++) {
    const Own own = own_window(o, h.outputs - windows.h, w.outputs - windows.w);
    const int row = windows.h + own.row, column = windows.w + own.column;
    const int top = row * STRIDE_H - h.before, left = column * STRIDE_W - w.before;
    region.count = count_d * CELLS_WITHIN(h, top, H) * CELLS_WITHIN(w, left, W);
    const int padded = padded_d * PADDED_WITHIN(h, top, H) * PADDED_WITHIN(w, left, W);
    region.divisor = DIVISOR == FIXED ? fixed_divisor : DIVISOR == PADDED_CELLS ? padded : region.count;
    region.columns.own = own.place;
    region.columns.folded = o > 0;
    exists[o] = place.exists && own.exists;
    outputs[o] = (windows.d * h.outputs + row) * w.outputs + column;
    region.u = UNIFORM(outputs[o]);
    COMPUTE(results[o], region, outputs[o]);
  }
  UNROLL for (int o = 0; o < OWN_ROWS; o++)
    if (exists[o]) {
      STORE_RESULT(results[o], outputs[o]);
    }
}
