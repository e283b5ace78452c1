// Maximum or average of each bin of regions of interest on a CPU: plane by plane. Layout NCHW.
// docs/semantics.md, section 6, RoiPool.
//
// A kernel of its own, since roi_pool.cl takes 4 times as long, its gradient 100 times: it compares cell by cell,
// and each cell asks all regions of its tile.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), LONG_SUMS (1), ACCUMULATE (0),
//   AVERAGE (0), INDICES (0).
// Arguments: as in roi_align_planes.cl.
#include "lib/rois.clh"
#include "lib/keys.clh"
#include "lib/vectors.clh"
#include "lib/division.clh"
#include "lib/gradients.clh"
#include "lib/roi_bins.clh"
#include "lib/roi_planes.clh"

#if AVERAGE
#define POOLED(plane, roi, output) pooled_of(plane, 1, tables, rois, roi, output)
#else
#define POOLED(plane, roi, output) greatest_of(plane, tables, rois, roi, output)

// The first vector of columns, or the last one, which may overlap the one before it.
#define COLUMNS_FROM(c) min(c, columns - LANES)

// The maximum of a bin, eight of its columns at a time.
static inline Pooled greatest_of(__global const T *plane, __global const int *tables, Rois rois, int roi,
                                 int output) {
  const Box bin = bin_of(tables, rois, roi, output / rois.columns, output % rois.columns);
  const int columns = cells(bin.w);
  if (columns < LANES) return pooled_of(plane, 1, tables, rois, roi, output);
  VBITS greatest = LEAST_KEY;
  for (int j = 0; j < bin.h.end; j++)
    for (int c = 0; c < columns; c += LANES)
      greatest = max(greatest, keys_of(VLOAD(plane + flat(bin, 0, j, COLUMNS_FROM(c)))));
  BITS lanes[LANES];
  STORE_WHOLE(greatest, lanes);
  Best best = {lanes[0], -1};
  for (int i = 1; i < LANES; i++) best.key = max(best.key, lanes[i]);
#if INDICES
  const bool is_nan = is_nan_key(best.key);
  for (int j = 0; j < bin.h.end && (best.cell < 0 || is_nan); j++)
    for (int c = 0; c < columns && (best.cell < 0 || is_nan); c += LANES) {
      const int first = flat(bin, 0, j, COLUMNS_FROM(c));
      const VBITS keys = keys_of(VLOAD(plane + first));
      if (!some(is_nan ? keys > INFINITY_KEY : keys == best.key)) continue;
      for (int i = LANES - 1; i >= 0; i--) {
        const BITS key = key_of(LOAD(plane, first + i));
        if (is_nan ? is_nan_key(key) && first + i > best.cell : key == best.key) best.cell = first + i;
      }
    }
#endif
  return (Pooled){bin.h.end > 0 ? number_of(best.key) : (C)0, best.cell};
}
#endif

#if INDICES
#define STORE_INDEX(at, index) indices[at] = (index)
#else
#define STORE_INDEX(at, index)
#endif

__kernel void roi_pool_planes_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                                      __global int *restrict indices,
#endif
                                      ROI_GEOMETRY, const uint planes, const int parts) {
  FOR_EACH_OUTPUT_OF_PLANE(x, plane, roi, output, at, {
    const Pooled pooled = POOLED(plane, roi, output);
    STORE(y, at, pooled.value);
    STORE_INDEX(at, pooled.index);
  })
}

#if AVERAGE
// Adds what a region's bins give to each cell of its box, as far as it is in the rows.
static inline void add_roi(__global const T *gradient, __global C *sums, __global const int *tables,
                           Rois rois, int roi, int first_row, int end_row) {
  const Range rows = range_at(ROI_INTS(tables, boxes), 2 * roi);
  const Range columns = range_at(ROI_INTS(tables, boxes), 2 * roi + 1);
  const int bottom = min(rows.end, end_row);
  for (int h = max(rows.first, first_row); h < bottom; h++)
    for (int w = columns.first; w < columns.end; w++)
      sums[(h - first_row) * rois.width + w] +=
          share_of(gradient, 1, tables, rois, roi, roi_covers(tables, rois, roi, h, w));
}
#define ADD_ROI(at) add_roi(grad_output + at, sums, tables, rois, roi, first_row, end_row)
#else
// Adds the gradients of a region's bins to the selected cells, as far as they are in the rows.
static inline void add_selected(__global const T *gradient, __global const int *selected,
                                __global C *sums, __global const int *tables, Rois rois, int roi,
                                int first_row, int end_row) {
  for (int output = 0; output < rois.rows * rois.columns; output++) {
    const int cell = selected[output] - first_row * rois.width;
    if ((uint)cell >= (uint)((end_row - first_row) * rois.width)) continue;
    const Box bin =
        bin_of(tables, rois, roi, quotient(output, rois.by_columns), rest_of(output, rois.by_columns));
    if (has_cell(bin, selected[output])) sums[cell] += LOAD(gradient, output);
  }
}
#define ADD_ROI(at) \
  add_selected(grad_output + at, indices + at, sums, tables, rois, roi, first_row, end_row)
#endif

__kernel void roi_pool_planes_backward(__global const T *restrict grad_output,
#if !AVERAGE
                                       __global const int *restrict indices,
#endif
                                       __global T *restrict grad_input, __global C *restrict work,
                                       ROI_GEOMETRY, const ulong jobs, const uint jobs_per_item) {
  __global C *sums = work + get_global_id(0) * (ulong)rois.tile_height * rois.width;
  FOR_EACH_BAND(sums, grad_input, roi, at, { ADD_ROI(at); })
}
