// Gradient of SoftPool, a row of outputs at a time on a CPU; see reductions/soft.clh. docs/semantics.md, 2.2, 2.4, 3, 4
// and 5. At most 64 cells or outputs along an axis, no region empty, float quotients by the device's own
// division.
//
// A kernel of its own, since tile_gradient.cl takes 20 times as long: it computes the exponentials of a cell
// once for each output.
//
// Macros (defaults): TYPE (FLOAT32), PAPER_GRADIENT (0) as in reductions/soft.clh, those of lib/row_terms.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of input rows per work-item. Work-items: (group of planes, group of rows).
#include "lib/row_windows.clh"
#include "lib/row_weights.clh"
#include "lib/row_terms.clh"

#ifndef PAPER_GRADIENT
#define PAPER_GRADIENT 0
#endif

// What the outputs of windows give to their cells; returns the sums of weights, NaN if that was not ordinary.
static inline VC terms_of(const C *restrict rows, int pitch, VC g, VC *terms) {
  const VC m = greatest_number(rows, pitch);
  VC distances[TAPS], weights[TAPS];
  VC sum = (VC)0, moment = (VC)0;
  FOR_EACH_TAP(j) {
    VC sum_h = (VC)0, moment_h = (VC)0;
    FOR_EACH_ROW(i) {
      const VC distance = at_least_lowests(TAP(rows + i * pitch, j) - m);
      const VC e = exact_exps_down_from_0(distance);
      distances[i * KERNEL_W + j] = distance;
      weights[i * KERNEL_W + j] = e;
      sum_h += e;
      moment_h += e * distance;
    }
    sum += sum_h;
    moment += moment_h;
  }
  const VC z = moment / sum;
  FOR_EACH_ROW(i) FOR_EACH_TAP(j) {
    const int t = i * KERNEL_W + j;
    const VC share = g * (weights[t] / sum);
    const VC term = PAPER_GRADIENT ? share : share * (((C)1 + distances[t]) - z);
    terms[t] = weights[t] == (VC)0 ? (VC)NEUTRAL : term;
  }
  return sum;
}

// What an output whose maximum is not finite gives: everything to the cell that the maximum selects.
static inline void select_cell(const C *restrict rows, int pitch, Line th, Line tw, C g, C *terms) {
  Best best = NONE;
  for (int i = th.first; i < th.end; i++)
    for (int j = tw.first; j < tw.end; j++) {
      const BITS key = key_of(rows[i * pitch + j * DILATION_W]);
      best = later_better(best, (Best){key, i * KERNEL_W + j});
    }
  for (int t = 0; t < TAPS; t++) terms[t * LANES] = t == best.cell ? g : NEUTRAL;
}

__kernel void soft_pool_rows_gradient_backward(__global const T *restrict x,
                                               __global const T *restrict grad_output,
                                               __global T *restrict grad_input, const Axis d,
                                               const Axis h_given, const Axis w_given,
                                               __global const int *restrict tables, const uint planes,
                                               const int planes_per_item, const int rows_per_item) {
  const Axis h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int pitch = window_pitch(w);
  const Share share = share_of(planes, planes_per_item, h.size, rows_per_item);
  const int2 needed = needed_rows(h, share.first_row, share.end_row);
  C rows[CAPACITY + SLACK], gradients[CAPACITY + SLACK], sums[SUMS_CAPACITY];
  clear_rows(rows, pitch, NO_WEIGHT);
  clear_rows(gradients, pitch, 0);
  clear_sums(sums);
  for (uint plane = share.first_plane; plane < share.end_plane; plane++) {
    const ulong first = ROW_START(plane, h.size, 0, w.size);
    int done = share.first_row;
    for (int r = needed.x;; r++) {
      for (; done < end_of_rows(h, share, needed, r); done++)
        put_row(sums, w, done, grad_input + first + done * w.size);
      if (r >= needed.y) break;
      const Line th = taps(h, tables, r);
      load_rows(x + first, th, w, rows, pitch, NO_WEIGHT);
      load_row(grad_output + ROW_START(plane, h.outputs, r, w.outputs), gradients, w.outputs);
      for (int k = 0; k < w.outputs; k += LANES) {
        const C *of_k = rows + k * STRIDE_W;
        VC terms[TAPS];
        const VC sum = terms_of(of_k, pitch, LOAD_ROW(gradients + k), terms);
        if (!ordinary(sum)) {
          C lanes[LANES];
          STORE_ROW(lanes, sum);
          for (int i = 0; i < min(LANES, w.outputs - k); i++)
            if (lanes[i] != lanes[i])
              select_cell(of_k + i * STRIDE_W, pitch, th, taps(w, tables, k + i), gradients[k + i],
                          (C *)terms + i);
        }
        add_terms(sums, w, share, r * STRIDE_H - h.before, k, terms);
      }
      forget_terms_behind(sums, w);
    }
  }
}
