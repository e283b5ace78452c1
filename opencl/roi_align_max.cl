// Maximum of interpolated samples of regions of interest, or of the samples' weighted corners.
// docs/semantics.md, 2.4 and section 6, RoiAlign.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), ACCUMULATE (0),
//   OF_CORNERS (0): whether the corners of samples compete, each times its weight.
// Arguments: the buffers; the geometry of lib/rois.clh, where bins list samples; and the grid (lib/planes.clh),
//   of the output, for the gradient of the input.
#include "lib/rois.clh"
#include "lib/keys.clh"
#include "lib/roi_winners.clh"
#include "lib/gradients.clh"

// One work-item per output.
__kernel void roi_align_max_forward(TENSOR(const T, x), TENSOR(T, y), ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_OUTPUT(x, plane, roi);
  STORE(PLANE(y, outputs), OFFSET(y, output),
        value_of_winner(winner_of(plane, PITCH_OF(x, rois.channels), tables, rois, roi, output)));
}

// The winner of each output; one work-item each.
__kernel void roi_align_max_winners(TENSOR(const T, x), __global int *restrict winners,
                                    ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_OUTPUT(x, plane, roi);
  DENSE_PLANE(winners, outputs)[DENSE_OFFSET(output)] =
      winner_of(plane, PITCH_OF(x, rois.channels), tables, rois, roi, output).place;
}

// What a sample weighs a cell with along one axis, 0 if it does not lie beside it. With OF_CORNERS only
// the cell before it (second = 0) or behind it (1) counts.
static inline C weight_of(int cell, int first, C after, int second) {
  const int distance = cell - first;
  if (OF_CORNERS && distance != second) return (C)0;
  return distance == 0 ? (C)1 - after : distance == 1 ? after : (C)0;
}

// One work-item per cell: gathers from the winners of the regions of its tile, in ascending order.
__kernel void roi_align_max_backward(TENSOR(const T, grad_output), __global const int *restrict winners,
                                     TENSOR(T, grad_input), ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_CELL(h, w, tile);
  __global const int *cells = ROI_INTS(tables, positions);
  __global const C *weights = ROI_CS(tables, numbers);
  C total = (C)0;
  FOR_EACH_ROI(roi, tile) {
    const Covers covers = roi_covers(tables, rois, roi, h, w);
    __global const T *gradient = PLANE_AT(grad_output, roi, outputs);
    __global const int *won = DENSE_PLANE_AT(winners, roi, outputs);
    for (int i = covers.rows.first; i < covers.rows.end; i++)
      for (int j = covers.columns.first; j < covers.columns.end; j++) {
        const int output = i * rois.columns + j;
        const int place = won[DENSE_OFFSET(output)];
        if (place < 0) continue;
        const Sample won_by = sample_of(place, entries_of(tables, rois, roi, output));
        const int row = won_by.row, column = won_by.column;
        const C weight = weight_of(h, cells[row], weights[row], won_by.corner >> 1) *
                         weight_of(w, cells[column], weights[column], won_by.corner & 1);
        if (weight != (C)0) total += LOAD(gradient, OFFSET(grad_output, output)) * weight;
      }
  }
  store_gradient(PLANE(grad_input, inputs), OFFSET(grad_input, cell), total);
}
