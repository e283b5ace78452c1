// Average of interpolated samples of regions of interest. What the samples of a bin weigh each row and
// each column with is known beforehand. docs/semantics.md, section 6, RoiAlign.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), DIVISION (NATIVE_DIVISION), LONG_SUMS (1),
//   ACCUMULATE (0).
// Arguments: the buffers; the tables of lib/rois.clh; height and width of the input; rows and columns of
//   bins; channels; and the grid (lib/planes.clh), of the output, for the gradient of the input.
#include "lib/rois.clh"
#include "lib/division.clh"
#include "lib/roi_average.clh"
#include "lib/gradients.clh"

// One work-item per output.
__kernel void roi_align_forward(__global const T *restrict x, __global T *restrict y,
                                ROI_GEOMETRY,
                                const Grid grid) {
  BEGIN_ROI_OUTPUT(x, plane, roi);
  STORE(PLANE(y, outputs), CELL_OFFSET(output, channels),
        average_of(plane, tables, roi, output, width, rows, columns, channels));
}

// One work-item per cell: gathers from the regions of its tile, in ascending order.
__kernel void roi_align_backward(__global const T *restrict grad_output,
                                 __global T *restrict grad_input, ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_CELL(h, w, bins, tile);
  __global const C *weights = ROI_CS(tables, ROI_COVER_NUMBERS);
  C total = (C)0;
  for (int t = tile.first; t < tile.end; t++) {
    const int roi = ROI_INTS(tables, ROI_TILE_ROIS)[t];
    const Covers covers = roi_covers(tables, roi, h, w);
    if (covers.rows.first == covers.rows.end || covers.columns.first == covers.columns.end) continue;
    __global const T *gradient = PLANE_AT(grad_output, roi, outputs);
    const C divisor = ROI_CS(tables, ROI_DIVISORS)[roi];
    Sum sum = sum_after(0);
    for (int i = covers.rows.first; i < covers.rows.end; i++) {
      __global const T *line = gradient + CELL_OFFSET(bins[i] * columns, channels);
      C along;
      WEIGHTED_SUM(along, j, covers.columns, bins, weights,
                   divide(LOAD(line, CELL_OFFSET(bins[j], channels)), divisor));
      sum_at(&sum, bins[i] - bins[covers.rows.first], weights[i] * along);
    }
    total += sum_end(&sum);
  }
  store_gradient(PLANE(grad_input, inputs), CELL_OFFSET(cell, channels), total);
}
