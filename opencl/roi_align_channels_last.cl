// Average of interpolated samples of regions of interest in layout NHWC, eight channels at a time.
// docs/semantics.md, section 6, RoiAlign.
//
// A kernel of its own, since roi_align.cl takes 5 times as long, its gradient 20 times: it loads a channel of a
// cell at a time.
//
// Macros (defaults): TYPE (FLOAT32), LONG_SUMS (1), ACCUMULATE (0). Float quotients by the device's own
//   division; sums of gradients have at most 64 terms along an axis.
// Arguments: the buffers; the geometry of lib/rois.clh, of at least 8 channels.
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
                                              ROI_GEOMETRY) {
  const uint output = get_global_id(0), outputs = (uint)rois.rows * rois.columns;
  const uint channels = rois.channels;
  const int roi = (int)get_global_id(1), width = rois.width;
  if (output >= outputs || get_global_id(1) >= (ulong)rois.count) return;
  END_IF_FAULT;
  __global const int *cells = ROI_INTS(tables, positions);
  __global const C *weights = ROI_CS(tables, numbers);
  const Entries entries = entries_of(tables, rois, roi, output);
  const Range row = entries.rows, column = entries.columns;
  const C divisor = ROI_CS(tables, divisors)[roi];
  __global const T *image = CHANNELS_OF(x, ROI_INTS(tables, images)[roi],
                                        (uint)rois.height * width, 0, channels);
  __global T *to = CHANNELS_OF(y, roi, outputs, output, channels);
  if (is_long(cells, row) || is_long(cells, column)) {
    for (uint c = 0; c < channels; c++)
      STORE(to, c, average_of(image + c, channels, tables, rois, roi, output));
    return;
  }
  const bool empty = is_none(row) || is_none(column);
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
                                               __global T *restrict grad_input, ROI_GEOMETRY) {
  const uint cell = get_global_id(0), n = get_global_id(1);
  const uint inputs = (uint)rois.height * rois.width, outputs = (uint)rois.rows * rois.columns;
  const uint channels = rois.channels;
  if (cell >= inputs || n >= (uint)rois.batch) return;
  END_IF_FAULT;
  const int h = quotient(cell, rois.by_width), w = cell - h * rois.width;
  __global const C *weights = ROI_CS(tables, numbers);
  __global T *to = CHANNELS_OF(grad_input, n, inputs, cell, channels);
  __global const uint *tile = roi_tile_of(tables, rois, n, h, w);
  for (uint first = 0; first < channels; first += LANES * VECTORS) {
    const uint vectors = min((uint)VECTORS, (channels - first + LANES - 1) / LANES);
    VC total[VECTORS];
    for (uint v = 0; v < VECTORS; v++) total[v] = (VC)0;
    FOR_EACH_ROI(roi, tile) {
      const Covers covers = roi_covers(tables, rois, roi, h, w);
      if (is_none(covers.rows) || is_none(covers.columns)) continue;
      __global const T *gradient = CHANNELS_OF(grad_output, roi, outputs, 0, channels);
      __global const int *origins = ROI_INTS(tables, origins) + roi * (rois.rows + rois.columns);
      const C divisor = ROI_CS(tables, divisors)[roi];
      for (uint v = 0; v < vectors; v++) {
        __global const T *from = gradient + min(first + v * LANES, channels - LANES);
        VC sum = (VC)SKIPPED;
        for (int i = covers.rows.first; i < covers.rows.end; i++) {
          const C weight = weights[origins[i] + h];
          if (weight == (C)0) continue;
          VC along = (VC)SKIPPED;
          for (int j = covers.columns.first; j < covers.columns.end; j++) {
            const C other = weights[origins[rois.rows + j] + w];
            if (other != (C)0)
              along += other * (VLOAD(from + (ulong)(i * rois.columns + j) * channels) / (VC)divisor);
          }
          sum += weight * along;
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
