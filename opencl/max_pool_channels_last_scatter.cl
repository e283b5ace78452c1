// Gradient of selections in layout NHWC on a CPU: a work-item clears some channels of a plane, then adds each
// output's gradient to the cell that it selected, in ascending order. An index that is no cell of the output's
// region selects nothing. docs/semantics.md, 5.
//
// A kernel of its own, since for windows of 13x13 tile_scatter.cl takes 8 times as long, which looks through the
// outputs of each tile, a channel at a time.
//
// Macros (defaults): TYPE (FLOAT32, or FLOAT64: sums are kept in the result itself).
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, and of
//   channels per work-item, at least LANES; the last one takes those that are left.
//   Work-items: (block of channels, n).
#include "lib/vectors.clh"
#include "lib/regions.clh"

// The indices that are cells of a region; -1 for the others.
static inline int8 inside(int8 selected, Line td, Line th, Line tw, int height, int width) {
  int8 found = 0;
  for (int i = td.first; i < td.end; i++)
    for (int j = th.first; j < th.end; j++) {
      const int row = (at(td, i) * height + at(th, j)) * width;
      if (tw.step == 1) {
        found |= as_uint8(selected) - (uint)(row + at(tw, tw.first)) < (uint)cells(tw);
      } else {
        for (int k = tw.first; k < tw.end; k++) found |= selected == row + at(tw, k);
      }
    }
  return found ? selected : -1;
}

__kernel void max_pool_channels_last_scatter_backward(__global const T *restrict grad_output,
                                                      __global const int *restrict indices,
                                                      __global T *restrict grad_input, const Axis d, const Axis h,
                                                      const Axis w, __global const int *restrict tables,
                                                      const int channels, const int channels_per_item) {
  const int blocks = channels / channels_per_item, block = (int)get_global_id(0);
  if (block >= blocks) return;  // any work-group may be asked for
  const int begin = block * channels_per_item;
  const int size = block == blocks - 1 ? channels - begin : channels_per_item;
  const ulong inputs = (ulong)d.size * h.size * w.size, outputs = (ulong)d.outputs * h.outputs * w.outputs;
  __global T *restrict sums = grad_input + get_global_id(1) * inputs * channels + begin;
  const ulong from = get_global_id(1) * outputs * channels + begin;
  __global const T *restrict gradient = grad_output + from;
  __global const int *restrict selected = indices + from;
  for (ulong cell = 0; cell < inputs; cell++)
    for (int c = 0; c < size; c += LANES)
      store8((VECTOR_OF_T(8))(0), sums + cell * channels + min(c, size - LANES));
  for (int row = 0; row < d.outputs * h.outputs; row++) {
    const Line td = taps(d, tables, row / h.outputs), th = taps(h, tables, row % h.outputs);
    for (int o = 0; o < w.outputs; o++, gradient += channels, selected += channels) {
      const Line tw = taps(w, tables, o);
      for (int c = 0; c < size; c += LANES) {
        const int k = min(c, size - LANES);
        int chosen[LANES];
        store8(inside(load8(selected + k), td, th, tw, h.size, w.size), chosen);
#pragma unroll
        for (int i = 0; i < LANES; i++)
          if (chosen[i] >= 0 && k + i >= c) sums[(ulong)chosen[i] * channels + k + i] += gradient[k + i];
      }
    }
  }
}
