// Gradient of maximum and minimum, whole rows at a time on a CPU: each cell gathers from the outputs that
// cover it, in ascending order: one plain running sum. docs/semantics.md, section 5. Windows along h and w only.
//
// A kernel of its own, since tile_selection_gradient.cl takes 7 times as long: it compares output by output,
// not by vectors.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/rows.clh and lib/rows_gradient.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of input rows per work-item. Work-items: (group of planes, group of rows).
#include "lib/row_sums.clh"
#include "lib/rows_gradient.clh"

// Unrolling more taps than this gains nothing.
#define UNROLLED_COVERS (COVERS_H * KERNEL_W <= 32 ? COVERS_H : -1)

static inline void copy_row(__global const T *restrict gradient, __global const int *restrict indices,
                            ELEMENT *restrict terms, int *restrict cells, int outputs) {
  if (outputs >= ROW_LANES) {
    for (int c = 0; c < outputs; c += ROW_LANES) {
      const int k = min(c, outputs - ROW_LANES);
      PREFETCH_FROM(gradient + c, 1);
      PREFETCH_FROM(indices + c, 1);
      STORE_ROW(terms + k, LOAD_CELLS(gradient + k));
      STORE_ROW(cells + k, LOAD_ROW(indices + k));
    }
  } else {
    for (int c = 0; c < outputs; c++) {
      terms[c] = LOAD_CELL(gradient + c);
      cells[c] = indices[c];
    }
  }
}

// Adds the terms of one output row. first: the vector's cells of phase 0.
static inline void add_selected(const ELEMENT *restrict terms, const int *restrict cells, int8 first,
                                ROW *sums) {
#pragma unroll
  for (int phase = 0; phase < STRIDE_W; phase++) {
#pragma unroll
    for (int j = KERNEL_W - 1; j >= 0; j--)
      if (IS_COVERED(phase, j)) {
        const int8 selected = LOAD_ROW(cells + COVER(phase, j)) == first + phase;
        const ROW sum = sums[phase] + LOAD_ROW(terms + COVER(phase, j));
        sums[phase] = TO_VBITS(selected) ? sum : sums[phase];
      }
  }
}

__kernel void max_pool_rows_gradient_backward(__global const T *restrict grad_output,
                                              __global const int *restrict indices,
                                              __global T *restrict grad_input, const Axis d,
                                              const Axis h_given, const Axis w_given,
                                              __global const int *restrict tables, const uint planes,
                                              const int planes_per_item, const int rows_per_item) {
  const Axis h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int width = w.size, outputs = w.outputs;
  const Share share = share_of(planes, planes_per_item, h.size, rows_per_item);
  ELEMENT terms[CAPACITY + APART];
  int cells[CAPACITY + ROW_LANES];
  const int pitch = gradient_pitch(w);
  const int strip = min(share.end_row - share.first_row, strip_rows(CAPACITY / pitch));
  for (int i = 0; i < CAPACITY + ROW_LANES; i++) cells[i] = -1;
  for (int i = 0; i < CAPACITY + APART; i++) terms[i] = 0;
  for (uint plane = share.first_plane; plane < share.end_plane; plane++) {
    const ulong output = ROW_START(plane, h.outputs, 0, outputs);
    __global T *restrict gradient = grad_input + ROW_START(plane, h.size, 0, width);
    for (int top = share.first_row; top < share.end_row; top += strip) {
      const int bottom = min(top + strip, share.end_row);
      const int2 needed = needed_rows(h, top, bottom);
      for (int o = needed.x; o < needed.y; o++)
        copy_row(grad_output + output + o * outputs, indices + output + o * outputs,
                 terms + (o - needed.x) * pitch + LEAD, cells + (o - needed.x) * pitch + LEAD, outputs);
      for (int r = top; r < bottom; r++) {
        const Line ch = covers(h, tables, r);
        const int step = ch.step * pitch;
        const int from = (ch.origin - needed.x) * pitch + LEAD + w.before / STRIDE_W;
        for (int c = 0; c < phase_cells(w); c += ROW_LANES) {
          const int k = phase_lanes_from(c, width);
          const int8 first = (int8)(0, 1, 2, 3, 4, 5, 6, 7) * STRIDE_W + (r * width + k * STRIDE_W);
          ROW sums[STRIDE_W];
#pragma unroll
          for (int phase = 0; phase < STRIDE_W; phase++) sums[phase] = NEUTRAL;
          if (ch.end == UNROLLED_COVERS) {
#pragma unroll
            for (int i = 0; i < COVERS_H; i++)
              add_selected(terms + from + k + i * step, cells + from + k + i * step, first, sums);
          } else {
            for (int i = 0; i < ch.end; i++)
              add_selected(terms + from + k + i * step, cells + from + k + i * step, first, sums);
          }
          put_phases(gradient + r * width, k, width, sums);
        }
      }
    }
  }
}
