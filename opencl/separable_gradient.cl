// The gradient of a reduction whose outputs give the same to all their cells, over large windows of stride 1: a
// work-group makes blocks of cells, whose covering outputs share columns and rows (lib/separable.clh).
// docs/semantics.md, 2.2 and 5.
//
// Macros (defaults): REDUCTION ("reductions/avg.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   CHANNELS_LAST (0), LARGE (0), ACCUMULATE (0), those of lib/cells.clh and lib/separable.clh, but no stride and no
//   dilation.
// Arguments: the buffers; the axes and their tables (lib/regions.clh); the grid (lib/planes.clh), which counts blocks;
//   what an average divides by if that is given; how slices are cut into blocks.
//   Work-groups: GROUP items, BLOCKS blocks each.
#ifndef REDUCTION
#define REDUCTION "reductions/avg.clh"
#endif
#define LONG_SUMS 0
#include "lib/cells.clh"
#include "lib/divisors.clh"
#include "lib/sums.clh"
#include "lib/separable.clh"

typedef struct {
  int index;
} Cell;

// The outputs that cover a cell are a window, as large as its own.
typedef struct {
  __global const T *grad_output;
  Columns columns;
  Axis d, h, w;
  int fixed_divisor;
} Covers;

// What an output gives is found when it is read.
static inline C given_at(Covers covers, long offset, int slice, int row, int column) {
  const int front = slice - covers.d.before, top = row - covers.h.before, left = column - covers.w.before;
  const int count =
      DIVISOR == FIXED ? covers.fixed_divisor
      : DIVISOR == PADDED_CELLS
          ? PADDED_WITHIN(covers.d, front, D) * PADDED_WITHIN(covers.h, top, H) * PADDED_WITHIN(covers.w, left, W)
          : CELLS_WITHIN(covers.d, front, D) * CELLS_WITHIN(covers.h, top, H) * CELLS_WITHIN(covers.w, left, W);
  return averaged(LOAD(covers.grad_output, offset), count);
}
#define given(covers, output) given_at(covers, FOLDED_OFFSET, slice_, row_ + j_, column_)
#define SUM_OUTPUTS(total, covers, output, term) SUM_OF_COLUMNS(total, (covers).columns, output, term)
#include REDUCTION

// Where the first window of a block begins along an axis, and how many outputs there are.
#define FIRST_OF(axis, windows, NAME) \
  (PLANE_##NAME ? -BEFORE_##NAME : (windows) + (axis).before - (KERNEL_##NAME - 1))
#define SIZE_OF(axis, NAME) (PLANE_##NAME ? PLANE_##NAME : (axis).outputs)

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void separable_gradient(TENSOR(const T, grad_output), TENSOR(T, grad_input), const Axis d, const Axis h,
                        const Axis w, __global const int *restrict tables, const Grid grid,
                        const int fixed_divisor, const Tiles blocks) {
  __local C numbers[FOLDED];
  Covers covers;
  {
    const Place place = PLACE_OF_COLUMN;
    const Windows windows = windows_of(place, blocks);
    covers.grad_output = PLANE(grad_output, OUTPUTS);
    covers.d = d;
    covers.h = h;
    covers.w = w;
    covers.fixed_divisor = fixed_divisor;
    covers.columns =
        (Columns){windows.d + d.before - (KERNEL_D - 1), FIRST_OF(h, windows.h, H), FIRST_OF(w, windows.w, W),
                  d.outputs, SIZE_OF(h, H), SIZE_OF(w, W), PITCH_OF(grad_output, grid.channels.by), numbers, 0, 0, 0,
                  false};
  }
  const Place place = PLACE_OF_OWN;
  const Windows windows = windows_of(place, blocks);
  UNROLL for (int o = 0; o < OWN_ROWS; o++) {
    const Own own = own_window(o, h.size - windows.h, w.size - windows.w);
    const int row = windows.h + own.row, column = windows.w + own.column;
    const Cell cell = {(windows.d * h.size + row) * w.size + column};
    covers.columns.own = own.place;
    covers.columns.folded = o > 0;
    const C gradient = gradient_of(covers, cell);
    if (place.exists && own.exists) store_gradient(PLANE(grad_input, INPUTS), OFFSET(grad_input, cell.index), gradient);
  }
}
