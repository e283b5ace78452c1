// Planes side by side, LANES at a time, and apart again: what layout NCHW is for kernels of vectors of planes. What
// is left of the last planes is filled with the very last one.
//
// Macros (defaults): TYPE (FLOAT32), LANES (8) or 16.
// Arguments: from, to; the number of planes, of cells of each, and of cells per work-item.
//   Work-items: (cells, LANES planes).
#include "lib/vectors.clh"
#define ROW_LANES LANES
typedef VECTOR_OF_T(LANES) ROW;
#include "lib/whole_planes.clh"

#define FOR_EACH_LANE(i) _Pragma("unroll") for (int i = 0; i < LANES; i++)

// The first cell of each vector of a work-item's; the last one ends with the plane.
#define FOR_EACH_VECTOR(k, cells, each)                                                   \
  for (int c_ = (int)get_global_id(0) * (each), end_ = min((cells)-c_, each) + c_,        \
           k = min(c_, (cells)-LANES);                                                    \
       c_ < end_; c_ += LANES, k = min(c_, (cells)-LANES))

__kernel void interleave_planes(__global const T *restrict from, __global T *restrict to, const long planes,
                                const int cells, const int cells_per_item) {
  const long first = (long)get_global_id(1) * LANES;
  to += first * cells;
  if (cells < LANES) {
    for (int c = 0; c < cells; c++)
      for (int i = 0; i < LANES; i++) to[c * LANES + i] = from[min(first + i, planes - 1) * cells + c];
    return;
  }
  FOR_EACH_VECTOR(k, cells, cells_per_item) {
    ROW rows[LANES];
    FOR_EACH_LANE(i) rows[i] = LOAD_WHOLE(from + (min(first + i, planes - 1) * cells + k));
    transpose(rows);
    FOR_EACH_LANE(i) STORE_WHOLE(rows[i], to + (ulong)(k + i) * LANES);
  }
}

__kernel void interleave_apart(__global const T *restrict from, __global T *restrict to, const long planes,
                               const int cells, const int cells_per_item) {
  const long first = (long)get_global_id(1) * LANES;
  const int count = (int)min(planes - first, (long)LANES);
  from += first * cells;
  to += first * cells;
  if (cells < LANES) {
    for (int i = 0; i < count; i++)
      for (int c = 0; c < cells; c++) to[i * cells + c] = from[c * LANES + i];
    return;
  }
  FOR_EACH_VECTOR(k, cells, cells_per_item) {
    ROW rows[LANES];
    FOR_EACH_LANE(i) rows[i] = LOAD_WHOLE(from + (ulong)(k + i) * LANES);
    transpose(rows);
    FOR_EACH_LANE(i) if (i < count) STORE_WHOLE(rows[i], to + ((ulong)i * cells + k));
  }
}
