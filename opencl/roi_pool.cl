// Maximum or average of each bin of regions of interest, in whole cells. docs/semantics.md, section 6,
// RoiPool.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), DIVISION (NATIVE_DIVISION), LONG_SUMS (1),
//   ACCUMULATE (0), AVERAGE (0): whether bins are averaged,
//   INDICES (0): whether the forward pass stores the index of the selected cell.
// Arguments: the buffers; the geometry of lib/rois.clh; and the grid (lib/planes.clh), of the output, for the
//   gradient of the input.
#include "lib/rois.clh"
#include "lib/keys.clh"
#include "lib/division.clh"
#include "lib/gradients.clh"
#include "lib/roi_bins.clh"

// One work-item per output.
__kernel void roi_pool_forward(TENSOR(const T, x), TENSOR(T, y),
#if INDICES
                               TENSOR(int, indices),
#endif
                               ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_OUTPUT(x, plane, roi);
  const Pooled pooled = pooled_of(plane, PITCH_OF(x, rois.channels), tables, rois, roi, output);
  STORE(PLANE(y, outputs), OFFSET(y, output), pooled.value);
#if INDICES
  PLANE(indices, outputs)[OFFSET(indices, output)] = pooled.index;
#endif
}

// One work-item per cell: gathers from the regions of its tile, in ascending order.
__kernel void roi_pool_backward(TENSOR(const T, grad_output),
#if !AVERAGE
                                TENSOR(const int, indices),
#endif
                                TENSOR(T, grad_input), ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_CELL(h, w, tile);
  C total = (C)0;
  FOR_EACH_ROI(roi, tile) {
    const Covers covers = roi_covers(tables, rois, roi, h, w);
    __global const T *gradient = PLANE_AT(grad_output, roi, outputs);
#if AVERAGE
    total += share_of(gradient, PITCH_OF(grad_output, rois.channels), tables, rois, roi, covers);
#else
    __global const int *selected = PLANE_AT(indices, roi, outputs);
    for (int i = covers.rows.first; i < covers.rows.end; i++)
      for (int j = covers.columns.first; j < covers.columns.end; j++) {
        const int output = i * rois.columns + j;
        if (selected[OFFSET(indices, output)] == cell) total += LOAD(gradient, OFFSET(grad_output, output));
      }
#endif
  }
  store_gradient(PLANE(grad_input, inputs), OFFSET(grad_input, cell), total);
}
