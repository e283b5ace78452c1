// Average of interpolated samples of regions of interest in layout NHWC, eight channels at a time.
// docs/semantics.md, section 6, RoiAlign.
//
// Macros (defaults): TYPE (FLOAT32), LONG_SUMS (1), ACCUMULATE (0). Float quotients by the device's own
//   division; sums of gradients have at most 64 terms along an axis.
// Arguments: the buffers; the tables of lib/rois.clh; height and width of the input; rows and columns of
//   bins; channels, at least 8; the number of regions, for the gradient of images.
#ifndef CHANNELS_LAST
#define CHANNELS_LAST 1
#endif
#include "lib/channels_last.clh"
#include "lib/rois.clh"
#include "lib/division.clh"
#include "lib/roi_average.clh"

#ifndef ACCUMULATE
#define ACCUMULATE 0
#endif

// Work-items: (output of a region, region).
__kernel void roi_align_channels_last_forward(__global const T *restrict x, __global T *restrict y,
                                              __global const int *restrict tables, const int height,
                                              const int width, const int rows, const int columns,
                                              const uint channels, const uint rois) {
  const uint output = get_global_id(0), outputs = (uint)rows * columns;
  const int roi = (int)get_global_id(1);
  if (output >= outputs || get_global_id(1) >= rois) return;
  __global const int *begins = ROI_INTS(tables, ROI_BEGINS) + roi * (rows + columns);
  __global const int *cells = ROI_INTS(tables, ROI_POSITIONS);
  __global const C *weights = ROI_CS(tables, ROI_NUMBERS);
  const Entries row = entries(begins, output / columns);
  const Entries column = entries(begins, rows + output % columns);
  const C divisor = ROI_CS(tables, ROI_DIVISORS)[roi];
  __global const T *image = CHANNELS_OF(x, ROI_INTS(tables, ROI_IMAGES)[roi], (uint)height * width, 0,
                                        channels);
  __global T *to = CHANNELS_OF(y, roi, outputs, output, channels);
  if (is_long(cells, row) || is_long(cells, column)) {
    for (uint c = 0; c < channels; c++)
      STORE(to, c, average_of(image + c, tables, roi, output, width, rows, columns, channels));
    return;
  }
  const bool empty = row.first == row.end || column.first == column.end;
  FOR_EACH_CHANNELS(c, channels) {
    VC sum = (VC)SKIPPED;
    for (int i = row.first; i < row.end; i++) {
      VC along = (VC)SKIPPED;
      for (int j = column.first; j < column.end; j++)
        along += weights[j] * VLOAD(image + ((ulong)cells[i] * width + cells[j]) * channels + c);
      sum += weights[i] * along;
    }
    VSTORE(to + c, empty ? (VC)0 : sum / (VC)divisor);
  }
}

// So many vectors of channels are summed side by side, since finding a cell's regions takes time.
#define VECTORS 8

// Work-items: (cell, image).
__kernel void roi_align_channels_last_backward(__global const T *restrict grad_output,
                                               __global T *restrict grad_input,
                                               __global const int *restrict tables, const int height,
                                               const int width, const int rows, const int columns,
                                               const uint channels, const uint images) {
  const uint cell = get_global_id(0), inputs = (uint)height * width, outputs = (uint)rows * columns;
  const uint n = get_global_id(1);
  if (cell >= inputs || n >= images) return;
  const int h = cell / width, w = cell % width;
  __global const int *bins = ROI_INTS(tables, ROI_COVER_BINS);
  __global const C *weights = ROI_CS(tables, ROI_COVER_NUMBERS);
  __global T *to = CHANNELS_OF(grad_input, n, inputs, cell, channels);
  const Entries tile = roi_tile(tables, n, h, w);
  for (uint first = 0; first < channels; first += LANES * VECTORS) {
    const uint vectors = min((uint)VECTORS, (channels - first + LANES - 1) / LANES);
    VC total[VECTORS];
    for (uint v = 0; v < VECTORS; v++) total[v] = (VC)0;
    for (int t = tile.first; t < tile.end; t++) {
      const int roi = ROI_INTS(tables, ROI_TILE_ROIS)[t];
      const Covers covers = roi_covers(tables, roi, h, w);
      if (covers.rows.first == covers.rows.end || covers.columns.first == covers.columns.end) continue;
      __global const T *gradient = CHANNELS_OF(grad_output, roi, outputs, 0, channels);
      const C divisor = ROI_CS(tables, ROI_DIVISORS)[roi];
      for (uint v = 0; v < vectors; v++) {
        __global const T *from = gradient + min(first + v * LANES, channels - LANES);
        VC sum = (VC)SKIPPED;
        for (int i = covers.rows.first; i < covers.rows.end; i++) {
          VC along = (VC)SKIPPED;
          for (int j = covers.columns.first; j < covers.columns.end; j++)
            along += weights[j] * (VLOAD(from + (ulong)(bins[i] * columns + bins[j]) * channels) / (VC)divisor);
          sum += weights[i] * along;
        }
        total[v] += sum;
      }
    }
    for (uint v = 0; v < vectors; v++) {
      const uint c = min(first + v * LANES, channels - LANES);
      VC sum = without_negative_zeros(total[v]);
#if ACCUMULATE
      sum = VLOAD(to + c) + sum;
#endif
      VSTORE(to + c, sum);
    }
  }
}
