// Maximum or average of each bin of regions of interest, in whole cells. docs/semantics.md, section 6,
// RoiPool.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), DIVISION (NATIVE_DIVISION), LONG_SUMS (1),
//   ACCUMULATE (0), AVERAGE (0): whether bins are averaged,
//   INDICES (0): whether the forward pass stores the index of the selected cell.
// Arguments: the buffers; the tables of lib/rois.clh, where bins list their cells one after the other;
//   height and width of the input; rows and columns of bins; channels; and as in lib/planes.clh the
//   planes of the output, for the gradient of the input.
#include "lib/rois.clh"
#include "lib/maximum.clh"
#include "lib/division.clh"
#include "lib/gradients.clh"

#ifndef AVERAGE
#define AVERAGE 0
#endif
#ifndef INDICES
#define INDICES 0
#endif

static inline Line cells_of(__global const int *tables, Entries listed) {
  Line line = {0, 1, 0, listed.end - listed.first};
  if (line.end > 0) line.origin = ROI_INTS(tables, ROI_POSITIONS)[listed.first];
  return line;
}

static inline Box bin_of(__global const int *tables, int roi, int row, int column, int rows, int columns,
                         int height, int width) {
  __global const int *begins = ROI_INTS(tables, ROI_BEGINS) + roi * (rows + columns);
  Box box;
  box.d = (Line){0, 1, 0, 1};
  box.h = cells_of(tables, entries(begins, row));
  box.w = cells_of(tables, entries(begins, rows + column));
  box.height = height;
  box.width = width;
  return box;
}

// One work-item per output.
__kernel void roi_pool_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                               __global int *restrict indices,
#endif
                               __global const int *restrict tables, const int height, const int width,
                               const int rows, const int columns, const uint channels,
                               const uint planes) {
  const uint inputs = (uint)height * width, outputs = (uint)rows * columns;
  if (OUT_OF_RANGE(outputs, channels, planes)) return;
  const int roi = BATCH(channels);
  const Box bin =
      bin_of(tables, roi, CELL / columns, CELL % columns, rows, columns, height, width);
  __global const T *plane = PLANE_AT(x, ROI_INTS(tables, ROI_IMAGES)[roi], inputs, channels);
  C value = (C)0;
#if AVERAGE
  if (!is_empty(bin)) {
    SUM_OVER(value, cell, bin, LOAD(plane, CELL_OFFSET(cell, channels)));
    value = divide(value, TO_C(volume(bin)));
  }
#else
  BITS best = LEAST_KEY;
  int index = -1;
  FOR_EACH_POSITION(cell, bin) {
    const BITS key = key_of(LOAD(plane, CELL_OFFSET(cell, channels)));
    if (replaces(key, best)) {
      best = key;
      index = cell;
    }
  }
  if (index >= 0) value = value_of(best);
#if INDICES
  PLANE(indices, outputs, channels)[CELL_OFFSET(CELL, channels)] = index;
#endif
#endif
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(CELL, channels), value);
}

// One work-item per cell: gathers from the regions of its tile, in ascending order.
__kernel void roi_pool_backward(__global const T *restrict grad_output,
#if !AVERAGE
                                __global const int *restrict indices,
#endif
                                __global T *restrict grad_input, __global const int *restrict tables,
                                const int height, const int width, const int rows, const int columns,
                                const uint channels, const uint planes) {
  const uint inputs = (uint)height * width, outputs = (uint)rows * columns;
  if (OUT_OF_RANGE(inputs, channels, planes)) return;
  const int h = CELL / width, w = CELL % width;
  __global const int *bins = ROI_INTS(tables, ROI_COVER_BINS);
  const Entries tile = roi_tile(tables, BATCH(channels), h, w);
  C total = (C)0;
  for (int t = tile.first; t < tile.end; t++) {
    const int roi = ROI_INTS(tables, ROI_TILE_ROIS)[t];
    const Covers covers = roi_covers(tables, roi, h, w);
    __global const T *gradient = PLANE_AT(grad_output, roi, outputs, channels);
#if AVERAGE
    if (covers.rows.first == covers.rows.end) continue;
    Sum over_columns = sum_after(0);
    for (int j = covers.columns.first; j < covers.columns.end; j++) {
      Sum over_rows = sum_after(0);
      for (int i = covers.rows.first; i < covers.rows.end; i++) {
        const Box bin = bin_of(tables, roi, bins[i], bins[j], rows, columns, height, width);
        const C g = LOAD(gradient, CELL_OFFSET(bins[i] * columns + bins[j], channels));
        sum_add(&over_rows, divide(g, TO_C(volume(bin))));
      }
      sum_add(&over_columns, sum_end(&over_rows));
    }
    total += sum_end(&over_columns);
#else
    __global const int *selected = PLANE_AT(indices, roi, outputs, channels);
    for (int i = covers.rows.first; i < covers.rows.end; i++)
      for (int j = covers.columns.first; j < covers.columns.end; j++) {
        const ulong output = CELL_OFFSET(bins[i] * columns + bins[j], channels);
        if (selected[output] == CELL) total += LOAD(gradient, output);
      }
#endif
  }
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(CELL, channels), total);
}
