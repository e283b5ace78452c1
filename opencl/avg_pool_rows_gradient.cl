// Gradient of average and sum, whole rows at a time on a CPU: each output's gradient is divided once, then
// added down the columns of each slice, over the slices, then along the rows. docs/semantics.md, 2.2 and 5.
// Windows, at most 64 covers along an axis, float quotients by the device's own division.
//
// A kernel of its own, since tile_gradient.cl takes 2.4 times as long: it loads output by output, not by vectors.
//
// Macros (defaults): TYPE (FLOAT32), DIVISOR (CELLS), those of lib/rows.clh and lib/rows_gradient.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of input rows (all depths) per work-item; the divisor of DIVISOR FIXED.
//   Work-items: (group of planes, group of rows).
#include "lib/row_sums.clh"
#include "lib/rows_gradient.clh"

// Unrolling more terms than this gains nothing.
#define UNROLLED_COVERS (COVERS_H <= 32 ? COVERS_H : -1)

#if COUNTS
#define AVERAGED(v, counts) ((v) / (row_count * (counts)))
#elif DIVISOR == FIXED
#define AVERAGED(v, counts) ((v) / row_count)
#else
#define AVERAGED(v, counts) (v)
#endif

static inline void average_row(__global const T *restrict gradient, ELEMENT *restrict terms, int outputs,
                               const C row_count, const ELEMENT *restrict counts) {
  if (outputs >= ROW_LANES) {
    for (int c = 0; c < outputs; c += ROW_LANES) {
      const int k = min(c, outputs - ROW_LANES);
      PREFETCH_FROM(gradient + c, 1);
      STORE_ROW(terms + k, AVERAGED(LOAD_CELLS(gradient + k), LOAD_ROW(counts + k)));
    }
  } else {
    for (int c = 0; c < outputs; c++) terms[c] = AVERAGED(LOAD_CELL(gradient + c), counts[c]);
  }
}

// The sums of an input row's columns. terms: the first of its covers; from one slice to the next one, and from one
// row.
static inline void add_columns(const ELEMENT *restrict terms, int slice, int step, int slices, int rows,
                               ELEMENT *restrict sums, int outputs) {
  for (int c = 0; c < outputs; c += ROW_LANES) {
    const int k = LANES_FROM(c, outputs);
    ROW sum = NEUTRAL;
    for (int i = 0; i < slices; i++) {
      const ELEMENT *restrict from = terms + k + i * slice;
      ROW over_h = NEUTRAL;
      if (rows == UNROLLED_COVERS) {
#pragma unroll
        for (int j = 0; j < COVERS_H; j++) over_h += LOAD_ROW(from + j * step);
      } else {
        for (int j = 0; j < rows; j++) over_h += LOAD_ROW(from + j * step);
      }
      sum += over_h;
    }
    if (outputs >= ROW_LANES) {
      STORE_ROW(sums + k, sum);
    } else {
      ELEMENT lanes[ROW_LANES];
      STORE_ROW(lanes, sum);
      for (int i = 0; i < outputs; i++) sums[i] = lanes[i];
    }
  }
}

__kernel void avg_pool_rows_gradient_backward(__global const T *restrict grad_output,
                                              __global T *restrict grad_input, const Axis d_given,
                                              const Axis h_given, const Axis w_given,
                                              __global const int *restrict tables, const uint planes,
                                              const int planes_per_item, const int rows_per_item,
                                              const int fixed_divisor) {
  const Axis d = KNOWN(d_given, D), h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int width = w.size, outputs = w.outputs;
  const Share share = share_of(planes, planes_per_item, d.size * h.size, rows_per_item);
  ELEMENT terms[CAPACITY + ROW_LANES];
  ELEMENT sums[CAPACITY + ROW_LANES];
  ELEMENT counts[CAPACITY];
  const int pitch = gradient_pitch(w);
  const int rows_of_slice = CAPACITY / KERNEL_D / pitch;
  const int strip = min(share.end_row - share.first_row, min(strip_rows(rows_of_slice), rows_of_slice));
  for (int i = 0; i < CAPACITY + ROW_LANES; i++) sums[i] = terms[i] = NEUTRAL;
  for (int o = 0; o < outputs; o++) counts[o] = count_of(w, taps(w, tables, o));
  for (uint plane = share.first_plane; plane < share.end_plane; plane++) {
    __global const T *restrict from = grad_output + ROW_START(plane, d.outputs * h.outputs, 0, outputs);
    __global T *restrict gradient = grad_input + ROW_START(plane, d.size * h.size, 0, width);
    int bottom;
    for (int top = share.first_row; top < share.end_row; top = bottom) {
      const int behind = top / h.size * h.size;  // the rows of the slices before
      bottom = min(min(top + strip, share.end_row), behind + h.size);
      const Line cd = covers(d, tables, top / h.size);
      const int slices = KERNEL_D * STRIDE_D == 1 ? 1 : cd.end;  // known as 1, loops over it go
      const int2 needed = needed_rows(h, top - behind, bottom - behind);
      for (int i = 0; i < slices; i++) {
        const int slice = at(cd, i);
        const C slice_count = KERNEL_D == 1 ? (C)1 : count_of(d, taps(d, tables, slice));
        for (int o = needed.x; o < needed.y; o++) {
          const C row_count = DIVISOR == FIXED ? TO_C(fixed_divisor)
                                               : slice_count * count_of(h, taps(h, tables, o));
          average_row(from + (slice * h.outputs + o) * outputs,
                      terms + (i * rows_of_slice + o - needed.x) * pitch, outputs, row_count, counts);
        }
      }
      for (int r = top; r < bottom; r++) {
        const Line ch = covers(h, tables, r - behind);
        add_columns(terms + (ch.origin - needed.x) * pitch, rows_of_slice * pitch, ch.step * pitch, slices, ch.end,
                    sums + (r - top) * pitch + LEAD, outputs);
      }
      for (int r = top; r < bottom; r++) {
        const ELEMENT *restrict row = sums + (r - top) * pitch + LEAD + w.before / STRIDE_W;
        for (int c = 0; c < phase_cells(w); c += ROW_LANES) {
          const int k = phase_lanes_from(c, width);
          ROW total[STRIDE_W];
#pragma unroll
          for (int phase = 0; phase < STRIDE_W; phase++) {
            total[phase] = NEUTRAL;
#pragma unroll
            for (int j = KERNEL_W - 1; j >= 0; j--)
              if (IS_COVERED(phase, j)) total[phase] += LOAD_ROW(row + k + COVER(phase, j));
          }
          put_phases(gradient + r * width, k, width, total);
        }
      }
    }
  }
}
