// Maximum and minimum of whole planes with indices on a CPU: a work-item takes some planes, ROW_LANES at a
// time, finds what is greatest, and then where it is first. docs/semantics.md, 2.4 and 5.
//
// A kernel of its own, since direct.cl takes 9 times as long: it compares cell by cell with the place of each.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), ROW_LANES (8).
// Arguments: the buffers; the number of cells of a plane, at least 1; the number of planes, and of planes
//   per work-item. Work-items: one for some planes.
#define WIDENED 1
#include "lib/row_keys.clh"
#include "lib/greatest_of_planes.clh"

// A vector whose greatest lane is how many cells there are from the first one that has the key to the end.
static inline ROW left_from(__global const CELL_T *restrict plane, int size, ELEMENT key) {
  ROW left = 0;
  if (size >= ROW_LANES) {
    for (int c = 0; c < size; c += ROW_LANES) {
      const int k = min(c, size - ROW_LANES);
      left = max(left, LOAD_CELLS(plane + k) == key ? (ELEMENT)(size - k) - LANE_NUMBERS : (ROW)0);
    }
  } else {
    for (int c = 0; c < size; c++)
      if (LOAD_CELL(plane + c) == key) left = max(left, (ROW)(size - c));
  }
  return left;
}

static inline int last_nan(__global const CELL_T *restrict plane, int size) {
  int cell = size - 1;
  while (LOAD_CELL(plane + cell) <= INFINITY_KEY) cell--;
  return cell;
}

__kernel void max_pool_global_indices_forward(__global const CELL_T *restrict x, __global CELL_T *restrict y,
                                              __global int *restrict indices, const int size,
                                              const long planes, const int planes_per_item) {
  const long first = (long)get_global_id(0) * planes_per_item;
  const long end = min(first + planes_per_item, planes);
  for (long plane = first; plane < end; plane += ROW_LANES) {
    const int count = (int)min((long)ROW_LANES, end - plane);
    __global const CELL_T *restrict from = x + ROW_START(plane, 1, 0, size);
    const ROW best = greatest_of_planes(from, count, size);
    ELEMENT keys[ROW_LANES], left[ROW_LANES];
    CELL_T results[ROW_LANES];
    STORE_ROW(keys, best);
    STORE_ROW(results, cells_of(bits_of(best)));
    ROW vectors[ROW_LANES] = {(ROW)0};
    for (int p = 0; p < count; p++) vectors[p] = left_from(from + (ulong)p * size, size, keys[p]);
    STORE_ROW(left, greatest_lanes(vectors));
    for (int p = 0; p < count; p++) {
      y[plane + p] = results[p];
      indices[plane + p] =
          keys[p] > INFINITY_KEY ? last_nan(from + (ulong)p * size, size) : size - (int)left[p];
    }
  }
}
