// Average of interpolated samples of regions of interest on a CPU: plane by plane. Layout NCHW; sums of
// gradients have at most 64 terms along an axis. docs/semantics.md, section 6, RoiAlign.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), LONG_SUMS (1), ACCUMULATE (0).
// Arguments: the buffers; the tables of lib/rois.clh; height and width of the input; rows and columns of
//   bins; channels; the number of planes, and among how many work-items the regions of a plane's image
//   are parted; or for the gradient the number of bands of rows in all, and of each work-item.
#include "lib/rois.clh"
#include "lib/division.clh"
#include "lib/gradients.clh"
#include "lib/roi_average.clh"
#include "lib/roi_planes.clh"

__kernel void roi_align_planes_forward(__global const T *restrict x, __global T *restrict y,
                                       ROI_GEOMETRY, const uint planes, const int parts) {
  FOR_EACH_OUTPUT_OF_PLANE(x, plane, roi, output, at, {
    STORE(y, at, average_of(plane, tables, roi, output, width, rows, columns, channels));
  })
}

// lines[row of bins][column of cells] = what the bins of a row give to the columns of the region's box.
static inline void spread_along_columns(__global const T *gradient, __global C *lines,
                                        __global const int *tables, int roi, int first, int end,
                                        int width, int rows, int columns) {
  __global const int *box = ROI_INTS(tables, ROI_BOXES) + 5 * roi;
  __global const int *begins = ROI_INTS(tables, ROI_BEGINS) + roi * (rows + columns) + rows;
  __global const int *cells = ROI_INTS(tables, ROI_POSITIONS);
  __global const C *weights = ROI_CS(tables, ROI_NUMBERS);
  const C divisor = ROI_CS(tables, ROI_DIVISORS)[roi];
  for (int row = first; row < end; row++) {
    __global C *line = lines + row * width;
    for (int i = 0; i < box[3]; i++) line[i] = SKIPPED;
    for (int column = 0; column < columns; column++) {
      const C share = divide(LOAD(gradient, row * columns + column), divisor);
      for (int j = begins[column]; j < begins[column + 1]; j++)
        line[cells[j] - box[2]] += weights[j] * share;
    }
  }
}

// Adds to a row of cells what its rows of bins give.
static inline void add_row(__global C *restrict sums, __global const C *restrict lines,
                           __global const int *bins, __global const C *weights, Entries covers,
                           int width, int count) {
  __global const C *restrict a = lines + bins[covers.first] * width;
  const C weight = weights[covers.first];
  if (covers.end - covers.first == 1) {
    for (int i = 0; i < count; i++) sums[i] += weight * a[i];
  } else if (covers.end - covers.first == 2) {
    __global const C *restrict b = lines + bins[covers.first + 1] * width;
    const C other = weights[covers.first + 1];
    for (int i = 0; i < count; i++) sums[i] += weight * a[i] + other * b[i];
  } else {
    for (int i = 0; i < count; i++) {
      C sum = SKIPPED;
      for (int j = covers.first; j < covers.end; j++) sum += weights[j] * lines[bins[j] * width + i];
      sums[i] += sum;
    }
  }
}

static inline void add_roi(__global const T *gradient, __global C *sums, __global C *lines,
                           __global const int *tables, int roi, int first_row, int end_row, int width,
                           int rows, int columns) {
  __global const int *box = ROI_INTS(tables, ROI_BOXES) + 5 * roi;
  __global const int *begins = ROI_INTS(tables, ROI_COVER_BEGINS) + box[4] - box[0];
  __global const int *bins = ROI_INTS(tables, ROI_COVER_BINS);
  const int top = max(box[0], first_row), bottom = min(box[0] + box[1], end_row);
  int first = rows, end = 0;
  for (int h = top; h < bottom; h++) {
    const Entries covers = entries(begins, h);
    if (covers.first == covers.end) continue;
    first = min(first, bins[covers.first]);
    end = max(end, bins[covers.end - 1] + 1);
  }
  spread_along_columns(gradient, lines, tables, roi, first, end, width, rows, columns);
  for (int h = top; h < bottom; h++) {
    const Entries covers = entries(begins, h);
    if (covers.first < covers.end)
      add_row(sums + (h - first_row) * width + box[2], lines, bins, ROI_CS(tables, ROI_COVER_NUMBERS),
              covers, width, box[3]);
  }
}

// work: for each work-item its sums, then a line of cells for each row of bins.
__kernel void roi_align_planes_backward(__global const T *restrict grad_output,
                                        __global T *restrict grad_input, __global C *restrict work,
                                        ROI_GEOMETRY, const ulong jobs,
                                        const uint jobs_per_item) {
  const ulong band = (ulong)ROI_TILE_HEIGHT(tables) * width;
  __global C *sums = work + get_global_id(0) * (band + (ulong)rows * width);
  FOR_EACH_BAND(tables, height, width, channels, rows * columns, jobs, jobs_per_item, sums, grad_input,
                roi, at, {
                  add_roi(grad_output + at, sums, sums + band, tables, roi, first_row, end_row, width,
                          rows, columns);
                })
}
