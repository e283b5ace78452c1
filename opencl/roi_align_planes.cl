// Average of interpolated samples of regions of interest on a CPU: plane by plane. Layout NCHW; sums of
// gradients have at most 64 terms along an axis. docs/semantics.md, section 6, RoiAlign.
//
// A kernel of its own, since roi_align.cl takes 3 times as long, its gradient 90 times: neighbouring work-items
// load from all over the image, and each cell asks all regions of its tile.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), LONG_SUMS (1), ACCUMULATE (0).
// Arguments: the buffers; the geometry of lib/rois.clh; the number of planes, and among how many work-items
//   the regions of a plane's image are parted; or for the gradient the number of bands of rows in all, and of
//   each work-item.
#include "lib/rois.clh"
#include "lib/division.clh"
#include "lib/gradients.clh"
#include "lib/roi_average.clh"
#include "lib/roi_planes.clh"

__kernel void roi_align_planes_forward(__global const T *restrict x, __global T *restrict y,
                                       ROI_GEOMETRY, const uint planes, const int parts) {
  FOR_EACH_OUTPUT_OF_PLANE(x, plane, roi, output, at, {
    STORE(y, at, average_of(plane, 1, tables, rois, roi, output));
  })
}

// lines[row of bins][column of cells] = what the bins of a row give to the columns of the region's box.
static inline void spread_along_columns(__global const T *gradient, __global C *lines,
                                        __global const int *tables, Rois rois, int roi, int first,
                                        int end, Range box) {
  const int bins = roi * (rois.rows + rois.columns) + rois.rows;
  __global const int *origins = ROI_INTS(tables, origins) + bins;
  const C divisor = ROI_CS(tables, divisors)[roi];
  for (int row = first; row < end; row++) {
    __global C *line = lines + row * rois.width;
    for (int w = box.first; w < box.end; w++) line[w] = SKIPPED;
    for (int column = 0; column < rois.columns; column++) {
      const C share = divide(LOAD(gradient, row * rois.columns + column), divisor);
      const Range cells = range_at(ROI_INTS(tables, cells), bins + column);
      __global const C *weights = ROI_CS(tables, numbers) + origins[column];
      for (int w = cells.first; w < cells.end; w++)
        line[w] += weights[w] != (C)0 ? weights[w] * share : SKIPPED;
    }
  }
}

// Adds to a row of cells what its rows of bins give.
static inline void add_row(__global C *restrict sums, __global const C *restrict lines,
                           __global const int *origins, __global const C *weights, Range covers,
                           int width, int count) {
  __global const C *restrict a = lines + covers.first * width;
  const C weight = weights[origins[covers.first]];
  if (covers.end - covers.first == 1) {
    for (int i = 0; i < count; i++) sums[i] += weight * a[i];
    return;
  }
  __global const C *restrict b = lines + (covers.end - 1) * width;
  const C other = weights[origins[covers.end - 1]];
  if (covers.end - covers.first == 2) {
    for (int i = 0; i < count; i++) sums[i] += weight * a[i] + other * b[i];
    return;
  }
  for (int i = 0; i < count; i++) {
    C sum = SKIPPED;
    for (int j = covers.first; j < covers.end; j++)
      if (weights[origins[j]] != (C)0) sum += weights[origins[j]] * lines[j * width + i];
    sums[i] += sum;
  }
}

static inline void add_roi(__global const T *gradient, __global C *sums, __global C *lines,
                           __global const int *tables, Rois rois, int roi, int first_row, int end_row) {
  const Range rows = range_at(ROI_INTS(tables, boxes), 2 * roi);
  const Range columns = range_at(ROI_INTS(tables, boxes), 2 * roi + 1);
  __global const int *covers =
      ROI_INTS(tables, covers) + 2 * roi * (rois.height + rois.width);
  __global const int *origins = ROI_INTS(tables, origins) + roi * (rois.rows + rois.columns);
  const int top = max(rows.first, first_row), bottom = min(rows.end, end_row);
  int first = rois.rows, end = 0;
  for (int h = top; h < bottom; h++) {
    first = min(first, covers[2 * h]);
    end = max(end, covers[2 * h + 1]);
  }
  spread_along_columns(gradient, lines, tables, rois, roi, first, end, columns);
  for (int h = top; h < bottom; h++) {
    const Range bins = range_at(covers, h);
    if (!is_none(bins))
      add_row(sums + (h - first_row) * rois.width + columns.first, lines + columns.first, origins,
              ROI_CS(tables, numbers) + h, bins, rois.width, columns.end - columns.first);
  }
}

// work: for each work-item its sums, then a line of cells for each row of bins.
__kernel void roi_align_planes_backward(__global const T *restrict grad_output,
                                        __global T *restrict grad_input, __global C *restrict work,
                                        ROI_GEOMETRY, const ulong jobs, const uint jobs_per_item) {
  const ulong band = (ulong)rois.tile_height * rois.width;
  __global C *sums = work + get_global_id(0) * (band + (ulong)rois.rows * rois.width);
  FOR_EACH_BAND(sums, grad_input, roi, at, {
    add_roi(grad_output + at, sums, sums + band, tables, rois, roi, first_row, end_row);
  })
}
