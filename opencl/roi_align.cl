// Average of interpolated samples of regions of interest. What the samples of a bin weigh each row and
// each column with is known beforehand (roi_geometry.cl). docs/semantics.md, section 6, RoiAlign.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), CHANNELS (1), DIVISION (NATIVE_DIVISION), LONG_SUMS (1),
//   ACCUMULATE (0), SAMPLES (0): of a bin, if that is known.
// Arguments: the buffers; the geometry of lib/rois.clh; and the grid (lib/planes.clh), of the output, for the
//   gradient of the input.
#include "lib/rois.clh"
#include "lib/division.clh"
#include "lib/roi_average.clh"
#include "lib/side_by_side.clh"

#ifndef SAMPLES
#define SAMPLES 0
#endif

static inline C samples_of(__global const int *tables, Rois rois, int roi) {
  return SAMPLES > 0 ? (C)SAMPLES : ROI_CS(tables, divisors)[roi];
}

// One work-item per output, of each of its channels.
__kernel void roi_align_forward(TENSOR(const T, x), TENSOR(T, y), ROI_GEOMETRY,
                                const Grid grid) {
  BEGIN_ROI_OUTPUT(x, plane, roi);
  const Pitch pitch = PITCH_OF(x, rois.channels);
  __global const int *cells = ROI_INTS(tables, positions);
  __global const C *weights = ROI_CS(tables, numbers);
  const Entries entries = entries_of(tables, rois, roi, output);
  const Range row = entries.rows, column = entries.columns;
  __global T *to = PLANE(y, outputs) + OFFSET(y, output);
  if (is_long(cells, row) || is_long(cells, column)) {
    for (int n = 0; n < CHANNELS; n++)
      STORE(to, n * CHANNEL_STEP(y, outputs),
            average_of(plane + n * CHANNEL_STEP(x, inputs), pitch, tables, rois, roi, output));
    return;
  }
  const bool empty = is_none(row) || is_none(column);
  const int end = empty ? row.first : row.end;
  PLANES_OF_CHANNELS(T, x, plane, inputs, planes);
  C totals[CHANNELS];
  UNROLL for (int n = 0; n < CHANNELS; n++) totals[n] = empty ? (C)0 : SKIPPED;
  for (int i = row.first; i < end; i++) {
    const int line = cells[i] * rois.width;
    C along[CHANNELS];
    UNROLL for (int n = 0; n < CHANNELS; n++) along[n] = SKIPPED;
    for (int j = column.first; j < column.end; j++) {
      T loaded[CHANNELS];
      LOAD_CHANNELS(VECTOR_OF_T, planes, CELL_OFFSET(line + cells[j], pitch), loaded);
      UNROLL for (int n = 0; n < CHANNELS; n++) along[n] += weights[j] * WIDEN(loaded[n]);
    }
    UNROLL for (int n = 0; n < CHANNELS; n++) totals[n] += weights[i] * along[n];
  }
  const C samples = samples_of(tables, rois, roi);
  UNROLL for (int n = 0; n < CHANNELS; n++) totals[n] = divide(totals[n], samples);
  STORE_NUMBERS(totals, to, CHANNEL_STEP(y, outputs));
}

// What an output gives to cells: its gradient divided by the number of samples. One work-item per output.
__kernel void roi_align_shares(TENSOR(const T, grad_output), __global C *restrict shares, ROI_GEOMETRY,
                               const Grid grid) {
  BEGIN_ROI_PLACE;
  SHARE_GRADIENTS(shares, grad_output, place.cell, samples_of(tables, rois, place.image));
}

// One work-item per cell, of each of its channels: gathers from the regions of its tile, in ascending order.
__kernel void roi_align_backward(__global const C *restrict shares, TENSOR(T, grad_input), ROI_GEOMETRY,
                                 const Grid grid) {
  BEGIN_ROI_CELL(h, w, tile);
  __global const C *weights = ROI_CS(tables, numbers);
  C totals[CHANNELS];
  UNROLL for (int n = 0; n < CHANNELS; n++) totals[n] = (C)0;
  FOR_EACH_ROI(roi, tile) {
    const Covers covers = roi_covers(tables, rois, roi, h, w);
    if (is_none(covers.rows) || is_none(covers.columns)) continue;
    __global const C *of_roi = TOGETHER_AT(shares, roi, outputs);
    __global const int *origins = ROI_INTS(tables, origins) + roi * (rois.rows + rois.columns);
    Sum sums[CHANNELS];
    UNROLL for (int n = 0; n < CHANNELS; n++) sums[n] = sum_after(0);
    for (int i = covers.rows.first; i < covers.rows.end; i++) {
      const C weight = weights[origins[i] + h];
      if (weight == (C)0) continue;
      Sum along[CHANNELS];
      UNROLL for (int n = 0; n < CHANNELS; n++) along[n] = sum_after(0);
      for (int j = covers.columns.first; j < covers.columns.end; j++) {
        const C other = weights[origins[rois.rows + j] + w];
        if (other == (C)0) continue;
        C given[CHANNELS];
        LOAD_TOGETHER(of_roi + TOGETHER_OFFSET(i * rois.columns + j), given);
        UNROLL for (int n = 0; n < CHANNELS; n++) sum_at(&along[n], j - covers.columns.first, other * given[n]);
      }
      UNROLL for (int n = 0; n < CHANNELS; n++)
        sum_at(&sums[n], i - covers.rows.first, weight * sum_end(&along[n]));
    }
    UNROLL for (int n = 0; n < CHANNELS; n++) totals[n] += sum_end(&sums[n]);
  }
  STORE_TOTALS(totals, PLANE(grad_input, inputs) + OFFSET(grad_input, cell), CHANNEL_STEP(grad_input, inputs));
}
