// Maximum or average of each bin of regions of interest, in whole cells. docs/semantics.md, section 6,
// RoiPool.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), CHANNELS (1), DIVISION (NATIVE_DIVISION), LONG_SUMS (1),
//   ACCUMULATE (0), AVERAGE (0): whether bins are averaged,
//   INDICES (0): whether the forward pass stores the index of the selected cell.
// Arguments: the buffers; the geometry of lib/rois.clh; and the grid (lib/planes.clh), of the output, for the
//   gradient of the input.
#include "lib/rois.clh"
#include "lib/keys.clh"
#include "lib/division.clh"
#include "lib/side_by_side.clh"
#include "lib/roi_bins.clh"

// One work-item per output, of each of its channels.
__kernel void roi_pool_forward(TENSOR(const T, x), TENSOR(T, y),
#if INDICES
                               TENSOR(int, indices),
#endif
                               ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_OUTPUT(x, plane, roi);
  const Pitch pitch = PITCH_OF(x, rois.channels);
  const Box bin =
      bin_of(tables, rois, roi, quotient(output, rois.by_columns), rest_of(output, rois.by_columns));
  __global T *to = PLANE(y, outputs) + OFFSET(y, output);
  PLANES_OF_CHANNELS(T, x, plane, inputs, planes);
  C results[CHANNELS];
#if AVERAGE
  if (LONG_SUMS && max(cells(bin.h), cells(bin.w)) > 64) {
    for (int n = 0; n < CHANNELS; n++)
      STORE(to, n * CHANNEL_STEP(y, outputs),
            pooled_of(plane + n * CHANNEL_STEP(x, inputs), pitch, tables, rois, roi, output).value);
    return;
  }
  C over_w[CHANNELS];
  UNROLL for (int n = 0; n < CHANNELS; n++) over_w[n] = SKIPPED;
  for (int k = bin.w.first; k < bin.w.end; k++) {
    C over_h[CHANNELS];
    UNROLL for (int n = 0; n < CHANNELS; n++) over_h[n] = SKIPPED;
    for (int j = bin.h.first; j < bin.h.end; j++) {
      T loaded[CHANNELS];
      LOAD_CHANNELS(VECTOR_OF_T, planes, CELL_OFFSET(flat(bin, 0, j, k), pitch), loaded);
      UNROLL for (int n = 0; n < CHANNELS; n++) over_h[n] += WIDEN(loaded[n]);
    }
    UNROLL for (int n = 0; n < CHANNELS; n++) over_w[n] += over_h[n];
  }
  const C count = TO_C(volume(bin));
  UNROLL for (int n = 0; n < CHANNELS; n++) results[n] = is_empty(bin) ? (C)0 : divide(over_w[n], count);
#else
  // In flat order, so that a cell need only be greater, or NaN. Cells of -infinity are no greater than none.
  BITS greatest[CHANNELS];
  UNROLL for (int n = 0; n < CHANNELS; n++) greatest[n] = LEAST_KEY;
#if INDICES
  int selected[CHANNELS];
  UNROLL for (int n = 0; n < CHANNELS; n++) selected[n] = is_empty(bin) ? -1 : flat(bin, 0, 0, 0);
#endif
  for (int j = bin.h.first; j < bin.h.end; j++)
    for (int k = bin.w.first; k < bin.w.end; k++) {
      const int cell = flat(bin, 0, j, k);
      T loaded[CHANNELS];
      LOAD_CHANNELS(VECTOR_OF_T, planes, CELL_OFFSET(cell, pitch), loaded);
      UNROLL for (int n = 0; n < CHANNELS; n++) {
        const BITS key = key_of(WIDEN(loaded[n]));
#if INDICES
        selected[n] = key > min(greatest[n], INFINITY_KEY) ? cell : selected[n];
#endif
        greatest[n] = max(greatest[n], key);
      }
    }
  UNROLL for (int n = 0; n < CHANNELS; n++) results[n] = is_empty(bin) ? (C)0 : number_of(greatest[n]);
#if INDICES
  STORE_CHANNELS(VECTOR_OF_INT, selected, PLANE(indices, outputs) + OFFSET(indices, output),
                 CHANNEL_STEP(indices, outputs));
#endif
#endif
  STORE_NUMBERS(results, to, CHANNEL_STEP(y, outputs));
}

#if AVERAGE
// What an output gives to cells: its gradient divided by the number of its cells. One work-item per output, of each of
// its channels.
__kernel void roi_pool_shares(TENSOR(const T, grad_output), __global C *restrict shares, ROI_GEOMETRY,
                              const Grid grid) {
  BEGIN_ROI_PLACE;
  const int output = place.cell;
  const Box bin = bin_of(tables, rois, place.image, quotient(output, rois.by_columns),
                         rest_of(output, rois.by_columns));
  SHARE_GRADIENTS(shares, grad_output, output, TO_C(volume(bin)));
}

// One work-item per cell, of each of its channels: gathers from the regions of its tile, in ascending order.
__kernel void roi_pool_backward(__global const C *restrict shares, TENSOR(T, grad_input), ROI_GEOMETRY,
                                const Grid grid) {
  BEGIN_ROI_CELL(h, w, tile);
  C totals[CHANNELS];
  UNROLL for (int n = 0; n < CHANNELS; n++) totals[n] = (C)0;
  FOR_EACH_ROI(roi, tile) {
    const Covers covers = roi_covers(tables, rois, roi, h, w);
    if (is_none(covers.rows)) continue;
    __global const C *of_roi = TOGETHER_AT(shares, roi, outputs);
    Sum over_columns[CHANNELS];
    UNROLL for (int n = 0; n < CHANNELS; n++) over_columns[n] = sum_after(0);
    for (int j = covers.columns.first; j < covers.columns.end; j++) {
      Sum over_rows[CHANNELS];
      UNROLL for (int n = 0; n < CHANNELS; n++) over_rows[n] = sum_after(0);
      for (int i = covers.rows.first; i < covers.rows.end; i++) {
        C given[CHANNELS];
        LOAD_TOGETHER(of_roi + TOGETHER_OFFSET(i * rois.columns + j), given);
        UNROLL for (int n = 0; n < CHANNELS; n++) sum_add(&over_rows[n], given[n]);
      }
      UNROLL for (int n = 0; n < CHANNELS; n++) sum_add(&over_columns[n], sum_end(&over_rows[n]));
    }
    UNROLL for (int n = 0; n < CHANNELS; n++) totals[n] += sum_end(&over_columns[n]);
  }
  STORE_TOTALS(totals, PLANE(grad_input, inputs) + OFFSET(grad_input, cell), CHANNEL_STEP(grad_input, inputs));
}
#else
// The same of those that selected a cell.
__kernel void roi_pool_backward(TENSOR(const T, grad_output), TENSOR(const int, indices),
                                TENSOR(T, grad_input), ROI_GEOMETRY, const Grid grid) {
  BEGIN_ROI_CELL(h, w, tile);
  C totals[CHANNELS];
  UNROLL for (int n = 0; n < CHANNELS; n++) totals[n] = (C)0;
  FOR_EACH_ROI(roi, tile) {
    const Covers covers = roi_covers(tables, rois, roi, h, w);
    PLANES_OF_CHANNELS(T, grad_output, PLANE_AT(grad_output, roi, outputs), outputs, gradients);
    PLANES_OF_CHANNELS(int, indices, PLANE_AT(indices, roi, outputs), outputs, indices_of);
    for (int i = covers.rows.first; i < covers.rows.end; i++)
      for (int j = covers.columns.first; j < covers.columns.end; j++) {
        const int output = i * rois.columns + j;
        int selected[CHANNELS];
        T loaded[CHANNELS];
        LOAD_CHANNELS(VECTOR_OF_INT, indices_of, OFFSET(indices, output), selected);
        LOAD_CHANNELS(VECTOR_OF_T, gradients, OFFSET(grad_output, output), loaded);
        UNROLL for (int n = 0; n < CHANNELS; n++)
          totals[n] += selected[n] == cell ? WIDEN(loaded[n]) : SKIPPED;
      }
  }
  STORE_TOTALS(totals, PLANE(grad_input, inputs) + OFFSET(grad_input, cell), CHANNEL_STEP(grad_input, inputs));
}
#endif
