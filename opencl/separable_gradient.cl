// The gradient of a reduction whose outputs give the same to all their cells, over large windows of stride 1: a
// work-group makes a block of cells, whose covering outputs share columns (lib/separable.clh).
// docs/semantics.md, 2.2 and 5.
//
// Macros (defaults): REDUCTION ("reductions/avg.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   LARGE (0), ACCUMULATE (0), those of lib/cells.clh and lib/separable.clh, but no stride and no dilation.
//   Layout NCHW.
// Arguments: BUFFERS and GEOMETRY of lib/cells.clh, whose grid counts blocks; how slices are cut into them.
//   Work-groups: GROUP items, a block each.
#ifndef REDUCTION
#define REDUCTION "reductions/avg.clh"
#endif
#define LONG_SUMS 0
#include "lib/cells.clh"
#include "lib/sums.clh"
#include "lib/separable.clh"

typedef struct {
  int index;
} Cell;

// The outputs that cover a cell are a window, as large as its own.
typedef struct {
  __global const void *givens;
  Columns columns;
} Covers;

#define given(covers, output) ((__global const Given *)(covers).givens)[output]
#define SUM_OUTPUTS(total, covers, output, term) SUM_OF_COLUMNS(total, (covers).columns, output, term)
#include REDUCTION

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void separable_gradient(BUFFERS GEOMETRY, const Tiles blocks) {
  __local C numbers[FOLDED];
  Place place = place_of_item(get_group_id(0), grid);
  const bool exists = place.exists;
  if (!exists) place = place_of_item(0, grid);
  const Windows windows = windows_of(place, blocks, h.size, w.size);
  const int row = windows.h + windows.row, column = windows.w + windows.column;
  const Cell cell = {(windows.d * h.size + row) * w.size + column};
  const Covers covers = {PLANE(givens, OUTPUTS),
                         {windows.d + d.before - (KERNEL_D - 1), windows.h + h.before - (KERNEL_H - 1),
                          windows.w + w.before - (KERNEL_W - 1), d.outputs, h.outputs, w.outputs, numbers, 0, 0,
                          windows.row, windows.column}};
  const C gradient = gradient_of(covers, cell);
  if (exists && windows.exists) store_gradient(PLANE(grad_input, INPUTS), OFFSET(cell.index), gradient);
}
