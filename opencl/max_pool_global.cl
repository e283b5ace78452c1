// Maximum and minimum of whole planes on a CPU: a work-item takes some planes, ROW_LANES at a time.
// docs/semantics.md, 2.4 and 5.
//
// A kernel of its own, since direct.cl takes 7 times as long: it reads planes side by side, cell by cell.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), ROW_LANES (8).
// Arguments: the buffers; the number of cells of a plane, at least 1; the number of planes, and of planes
//   per work-item. Work-items: one for some planes.
#include "lib/row_keys.clh"
#include "lib/greatest_of_planes.clh"

__kernel void max_pool_global_forward(__global const CELL_T *restrict x, __global CELL_T *restrict y,
                                      const int size, const long planes, const int planes_per_item) {
  const long first = (long)get_global_id(0) * planes_per_item;
  const long end = min(first + planes_per_item, planes);
  for (long plane = first; plane < end; plane += ROW_LANES) {
    const int count = (int)min((long)ROW_LANES, end - plane);
    ELEMENT results[ROW_LANES];
    STORE_ROW(results, bits_of(greatest_of_planes(x + ROW_START(plane, 1, 0, size), count, size)));
    for (int p = 0; p < count; p++) y[plane + p] = results[p];
  }
}
