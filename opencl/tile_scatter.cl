// The gradient of a reduction that selects a cell of each region, large windows that overlap: a work-item owns a tile
// of cells, whose sums lie in local memory, and adds what the outputs got that selected them, in ascending order.
// docs/semantics.md, 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), ACCUMULATE (0), MAGNITUDES (0), GROUP, the window of
//   lib/unrolled.clh.
//   SLICES (1) x ROWS x COLUMNS: the cells of a tile. FLAT (0): 1: planes and outputs have one slice; UNCUT (0): 1: and
//   are tiles.
// Arguments: as in selection_gradient.cl, whose grid counts tiles; how slices are cut. Work-groups: GROUP items.
#include "lib/types.clh"
#include "lib/regions.clh"
#include "lib/unrolled.clh"
#include "lib/gradients.clh"
#include "lib/slopes.clh"

#ifndef SLICES
#define SLICES 1
#endif
#define CELLS (SLICES * ROWS * COLUMNS)
// Odd, so that neighbours who add to the same cell of their tiles meet in no bank.
#define PITCH (CELLS | 1)

// The outputs from first to end - 1 along an axis whose windows reach some cells.
typedef struct {
  int first, end;
} Reaching;

static inline Reaching reaching(int cell, int cells, Axis axis, uint stride, int span) {
  const int position = cell + axis.before;
  Reaching outputs;
  outputs.first = position < span ? 0 : (int)((uint)(position - span) / stride) + 1;
  outputs.end = min((int)((uint)(position + cells - 1) / stride) + 1, axis.outputs);
  return outputs;
}
#define SPAN(NAME) ((KERNEL_##NAME - 1) * DILATION_##NAME + 1)
#define REACHING(NAME, cell, cells, axis) reaching(cell, cells, axis, STRIDE_##NAME, SPAN(NAME))

// Whether a cell is one of an output's along an axis.
#define IS_TAP(NAME, cell, output, axis) \
  is_tap((cell) - ((output)*STRIDE_##NAME - (axis).before), SPAN(NAME), DILATION_##NAME)
static inline int is_tap(uint distance, uint span, uint dilation) {
  return distance < span && (dilation == 1 || distance % dilation == 0);
}

// Where a cell of a tile is.
static inline Position cell_of(Position corner, uint number) {
  const uint row = number / COLUMNS;
  return (Position){corner.d + row / ROWS, corner.h + row % ROWS, corner.w + number % COLUMNS};
}
#define EXISTS(cell) ((cell).d < d.size && (cell).h < h.size && (cell).w < w.size)
#define FLAT_INDEX(cell) (((cell).d * h.size + (cell).h) * w.size + (cell).w)

static inline Position corner_of(Place place, Tiles tiles) {
#if UNCUT
  return (Position){0, 0, 0};
#else
  Position corner = position_of(place.cell, tiles.rows, tiles.columns);
  corner.d = FLAT ? 0 : corner.d * SLICES;
  corner.h *= ROWS;
  corner.w *= COLUMNS;
  return corner;
#endif
}

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void tile_scatter(SLOPES_PARAMETER TENSOR(const T, grad_output), TENSOR(const int, indices),
                  TENSOR(T, grad_input), const Axis d, const Axis h, const Axis w,
                  __global const int *restrict tables, const Grid grid, const Tiles tiles) {
  __local C sums[GROUP * PITCH + GROUP];  // of the tiles; then a place for each work-item where nobody looks
  const uint item = (uint)get_local_id(0), first_item = (uint)get_group_id(0) * GROUP;
  const Place place = place_of_item(first_item + item, grid);
  if (place.exists) {
    for (int r = 0; r < SLICES * ROWS; r++)
      UNROLL for (int c = 0; c < COLUMNS; c++) sums[item * PITCH + r * COLUMNS + c] = (C)0;
    const Position corner = corner_of(place, tiles);
    __global const T *gradient = PLANE(grad_output, OUTPUTS);
    __global const int *selected = PLANE(indices, OUTPUTS);
    const Reaching slices = FLAT ? (Reaching){0, 1} : REACHING(D, corner.d, SLICES, d);
    const Reaching rows = REACHING(H, corner.h, ROWS, h), columns = REACHING(W, corner.w, COLUMNS, w);
    for (int i = slices.first; i < slices.end; i++)
      for (int j = rows.first; j < rows.end; j++) {
        const int row_of_outputs = (i * h.outputs + j) * w.outputs;
        for (int k = columns.first; k < columns.end; k++) {
          const int cell = selected[OFFSET(indices, row_of_outputs + k)];
          const C g = LOAD(gradient, OFFSET(grad_output, row_of_outputs + k));
#if FLAT
          const int row = quotient(cell, w.by_size);
          const Position at = {0, row, cell - row * w.size};
#else
          const Position at = position_of(cell, h.by_size, w.by_size);
#endif
#if UNCUT
          const int own = (uint)cell < CELLS;
          const int number = cell;
#else
          const int behind = at.d - corner.d, down = at.h - corner.h, across = at.w - corner.w;
          const int own = cell >= 0 && (uint)behind < SLICES && (uint)down < ROWS && (uint)across < COLUMNS;
          const int number = (behind * ROWS + down) * COLUMNS + across;
#endif
          const int takes = own & IS_TAP(D, at.d, i, d) & IS_TAP(H, at.h, j, h) & IS_TAP(W, at.w, k, w);
          const C slope = SLOPE_AT(takes, 0, cell);
          // Without a condition, so that many outputs are read ahead.
          sums[takes ? item * PITCH + number : GROUP * PITCH + item] += g * slope;
        }
      }
#if CHANNELS_LAST
    for (int i = 0; i < CELLS; i++) {
      const Position cell = cell_of(corner, i);
      if (EXISTS(cell))
        store_gradient(PLANE(grad_input, INPUTS), OFFSET(grad_input, FLAT_INDEX(cell)), sums[item * PITCH + i]);
    }
#endif
  }
#if !CHANNELS_LAST
  // Together, cell by cell, so that those side by side lie so in memory.
  barrier(CLK_LOCAL_MEM_FENCE);
#if UNCUT && !LARGE && !VIEWS
  const uint cells = first_item < grid.planes ? min(grid.planes - first_item, (uint)GROUP) * CELLS : 0;
  for (uint i = item; i < cells; i += GROUP)
    store_gradient(grad_input + (ulong)first_item * CELLS, i, sums[PITCH == CELLS ? i : i / CELLS * PITCH + i % CELLS]);
#else
  for (uint i = item; i < GROUP * CELLS; i += GROUP) {
    const uint owner = i / CELLS, number = i % CELLS;
    const Place place = place_of_item(first_item + owner, grid);
    const Position cell = cell_of(corner_of(place, tiles), number);
    if (place.exists && EXISTS(cell))
      store_gradient(PLANE(grad_input, INPUTS), FLAT_INDEX(cell), sums[owner * PITCH + number]);
  }
#endif
#endif
}
