// Maximum and minimum of whole planes on a CPU: a work-item takes some planes, ROW_LANES at a time.
// docs/semantics.md, 2.4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), ROW_LANES (8).
// Arguments: the buffers; the number of cells of a plane, at least 1; the number of planes, and of planes
//   per work-item. Work-items: one for some planes.
#include "lib/row_keys.clh"
#include "lib/whole_planes.clh"

// A vector whose greatest lane is a plane's maximum.
static inline ROW greatest_of(__global const CELL_T *restrict plane, int size) {
  ROW greatest = LEAST_KEY;
  if (size >= ROW_LANES) {
    for (int c = 0; c < size; c += ROW_LANES)
      greatest = max(greatest, LOAD_CELLS(plane + min(c, size - ROW_LANES)));
  } else {
    for (int c = 0; c < size; c++) greatest = max(greatest, (ROW)LOAD_CELL(plane + c));
  }
  return greatest;
}

__kernel void max_pool_global_forward(__global const CELL_T *restrict x, __global CELL_T *restrict y,
                                      const int size, const long planes, const int planes_per_item) {
  const long first = (long)get_global_id(0) * planes_per_item;
  const long end = min(first + planes_per_item, planes);
  for (long plane = first; plane < end; plane += ROW_LANES) {
    const int count = (int)min((long)ROW_LANES, end - plane);
    ROW vectors[ROW_LANES] = {(ROW)0};
    for (int p = 0; p < count; p++) vectors[p] = greatest_of(x + ROW_START(plane + p, 1, 0, size), size);
    transpose(vectors);
    ROW best = vectors[0];
#pragma unroll
    for (int i = 1; i < ROW_LANES; i++) best = max(best, vectors[i]);
    ELEMENT results[ROW_LANES];
    STORE_ROW(results, bits_of(best));
    for (int p = 0; p < count; p++) y[plane + p] = results[p];
  }
}
