// Average of interpolated samples of regions of interest. What the samples of a bin weigh each row and
// each column with is known beforehand (roi_geometry.cl). docs/semantics.md, section 6, RoiAlign.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), DIVISION (NATIVE_DIVISION), LONG_SUMS (1),
//   ACCUMULATE (0).
// Arguments: the buffers; the geometry of lib/rois.clh; and the grid (lib/planes.clh), of the output, for the
//   gradient of the input.
#include "lib/rois.clh"
#include "lib/division.clh"
#include "lib/roi_average.clh"
#include "lib/gradients.clh"

// One work-item per output.
__kernel void roi_align_forward(TENSOR(const T, x), TENSOR(T, y), ROI_GEOMETRY,
                                const Grid grid) {
  BEGIN_ROI_OUTPUT(x, plane, roi);
  STORE(PLANE(y, outputs), OFFSET(y, output),
        average_of(plane, PITCH_OF(x, rois.channels), tables, rois, roi, output));
}

// One work-item per cell: gathers from the regions of its tile, in ascending order.
__kernel void roi_align_backward(TENSOR(const T, grad_output), TENSOR(T, grad_input), ROI_GEOMETRY,
                                 const Grid grid) {
  BEGIN_ROI_CELL(h, w, tile);
  __global const C *weights = ROI_CS(tables, numbers);
  C total = (C)0;
  FOR_EACH_ROI(roi, tile) {
    const Covers covers = roi_covers(tables, rois, roi, h, w);
    if (is_none(covers.rows) || is_none(covers.columns)) continue;
    __global const T *gradient = PLANE_AT(grad_output, roi, outputs);
    __global const int *origins = ROI_INTS(tables, origins) + roi * (rois.rows + rois.columns);
    const C divisor = ROI_CS(tables, divisors)[roi];
    Sum sum = sum_after(0);
    for (int i = covers.rows.first; i < covers.rows.end; i++) {
      const C weight = weights[origins[i] + h];
      if (weight == (C)0) continue;
      const C along =
          spread_along(gradient + OFFSET(grad_output, i * rois.columns), origins + rois.rows, weights,
                       covers.columns, w, divisor, PITCH_OF(grad_output, rois.channels));
      sum_at(&sum, i - covers.rows.first, weight * along);
    }
    total += sum_end(&sum);
  }
  store_gradient(PLANE(grad_input, inputs), OFFSET(grad_input, cell), total);
}
