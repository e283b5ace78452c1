// Maximum of interpolated samples of regions of interest, or of the samples' weighted corners, on a CPU:
// plane by plane. Layout NCHW. docs/semantics.md, 2.4 and section 6, RoiAlign.
//
// A kernel of its own, since roi_align_max.cl takes 1.5 times as long, its gradient 20 times: each cell asks all
// regions of its tile.
//
// Macros (defaults): TYPE (FLOAT32), ACCUMULATE (0), OF_CORNERS (0).
// Arguments: as in roi_align_planes.cl.
#include "lib/rois.clh"
#include "lib/keys.clh"
#include "lib/gradients.clh"
#include "lib/roi_winners.clh"
#include "lib/roi_planes.clh"

__kernel void roi_align_max_planes_forward(__global const T *restrict x, __global T *restrict y,
                                           ROI_GEOMETRY, const uint planes, const int parts) {
  FOR_EACH_OUTPUT_OF_PLANE(x, plane, roi, output, at, {
    STORE(y, at, value_of_winner(winner_of(plane, 1, tables, rois, roi, output)));
  })
}

__kernel void roi_align_max_planes_winners(__global const T *restrict x, __global int *restrict winners,
                                           ROI_GEOMETRY, const uint planes, const int parts) {
  FOR_EACH_OUTPUT_OF_PLANE(x, plane, roi, output, at, {
    winners[at] = winner_of(plane, 1, tables, rois, roi, output).place;
  })
}

// Adds what the winner of an output gives to its cells, as far as they are in the rows.
static inline void add_winner(C gradient, int place, __global C *sums, __global const int *tables,
                              Rois rois, Entries entries, int first_row, int end_row) {
  __global const int *cells = ROI_INTS(tables, positions);
  __global const C *weights = ROI_CS(tables, numbers);
  const Sample sample = sample_of(place, entries);
  const int i = sample.row, j = sample.column;
  for (int corner = 0; corner < 4; corner++) {
    const int lower = corner >> 1, right = corner & 1, h = cells[i] + lower;
    const C weight =
        (lower ? weights[i] : (C)1 - weights[i]) * (right ? weights[j] : (C)1 - weights[j]);
    if (OF_CORNERS && corner != sample.corner) continue;
    if (weight != (C)0 && h >= first_row && h < end_row)
      sums[(h - first_row) * rois.width + cells[j] + right] += gradient * weight;
  }
}

__kernel void roi_align_max_planes_backward(
    __global const T *restrict grad_output, __global const int *restrict winners,
    __global T *restrict grad_input, __global C *restrict work, ROI_GEOMETRY, const ulong jobs,
    const uint jobs_per_item) {
  __global C *sums = work + get_global_id(0) * (ulong)rois.tile_height * rois.width;
  FOR_EACH_BAND(sums, grad_input, roi, at, {
    for (int output = 0; output < rois.rows * rois.columns; output++)
      if (winners[at + output] >= 0)
        add_winner(LOAD(grad_output, at + output), winners[at + output], sums, tables, rois,
                   entries_of(tables, rois, roi, output), first_row, end_row);
  })
}
