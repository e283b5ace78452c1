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
__kernel void roi_pool_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                               __global int *restrict indices,
#endif
                               ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_OUTPUT(x, plane, roi);
  const Pooled pooled = pooled_of(plane, tables, rois, roi, output);
  STORE(PLANE(y, outputs), CELL_OFFSET(output, rois.channels), pooled.value);
#if INDICES
  PLANE(indices, outputs)[CELL_OFFSET(output, rois.channels)] = pooled.index;
#endif
}

// One work-item per cell: gathers from the regions of its tile, in ascending order.
__kernel void roi_pool_backward(__global const T *restrict grad_output,
#if !AVERAGE
                                __global const int *restrict indices,
#endif
                                __global T *restrict grad_input, ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_CELL(h, w, tile);
  C total = (C)0;
  FOR_EACH_ROI(roi, tile) {
    const Covers covers = roi_covers(tables, rois, roi, h, w);
    __global const T *gradient = PLANE_AT(grad_output, roi, outputs);
#if AVERAGE
    total += share_of(gradient, tables, rois, roi, covers);
#else
    __global const int *selected = PLANE_AT(indices, roi, outputs);
    for (int i = covers.rows.first; i < covers.rows.end; i++)
      for (int j = covers.columns.first; j < covers.columns.end; j++) {
        const ulong output = CELL_OFFSET(i * rois.columns + j, rois.channels);
        if (selected[output] == cell) total += LOAD(gradient, output);
      }
#endif
  }
  store_gradient(PLANE(grad_input, inputs), CELL_OFFSET(cell, rois.channels), total);
}
