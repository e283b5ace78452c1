// Gradients of the average weighted by the exponentials of logits (LIP), a row of outputs at a time on a CPU;
// see reductions/importance.clh. docs/semantics.md, 2.2, 3, 4 and 5. At most 64 cells or outputs along an axis, no
// region empty, float quotients by the device's own division.
//
// A kernel of its own, since tile_gradient.cl takes 13 times as long: it computes the exponentials of a cell once
// for each output.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/row_terms.clh, GRAD_INPUT (1), GRAD_LOGITS (1): which
//   gradients are stored.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of input rows per work-item. Work-items: (group of planes, group of rows).
#include "lib/row_windows.clh"
#include "lib/row_importance.clh"
#include "lib/row_terms.clh"

#ifndef GRAD_INPUT
#define GRAD_INPUT 1
#endif

#ifndef GRAD_LOGITS
#define GRAD_LOGITS 1
#endif

// What the outputs of windows of so many cells give to their cells, and to their logits.
static inline void terms_of(const C *restrict x, const C *restrict logits, int pitch, VC g, VC cells,
                            VC *terms, VC *logit_terms) {
  VC weights[TAPS];
  const VC sum = weights_of(logits, pitch, cells, weights);
  const VC mean = weighted_sum(x, pitch, weights) / sum;
  FOR_EACH_ROW(i) FOR_EACH_TAP(j) {
    const VC e = weights[i * KERNEL_W + j];
    const VC term = g * (e / sum);
    const VC logit_term = term * (TAP(x + i * pitch, j) - mean);
    terms[i * KERNEL_W + j] = e == (VC)0 ? (VC)NEUTRAL : term;
    logit_terms[i * KERNEL_W + j] = e == (VC)0 ? (VC)NEUTRAL : logit_term;
  }
}

__kernel void importance_pool_rows_gradient_backward(
    __global const T *restrict x, __global const T *restrict logits, __global const T *restrict grad_output,
#if GRAD_INPUT
    __global T *restrict grad_input,
#endif
#if GRAD_LOGITS
    __global T *restrict grad_logits,
#endif
    const Axis d, const Axis h_given, const Axis w_given, __global const int *restrict tables,
    const uint planes, const int planes_per_item, const int rows_per_item) {
  const Axis h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int pitch = window_pitch(w);
  const Share share = share_of(planes, planes_per_item, h.size, rows_per_item);
  const int2 needed = needed_rows(h, share.first_row, share.end_row);
  C x_rows[CAPACITY + SLACK], logit_rows[CAPACITY + SLACK], g[CAPACITY + SLACK], counts[CAPACITY + SLACK];
  C sums[SUMS_CAPACITY], logit_sums[SUMS_CAPACITY];
  clear_rows(x_rows, pitch, NEUTRAL);
  clear_rows(logit_rows, pitch, NO_WEIGHT);
  clear_rows(g, pitch, 0);
  clear_rows(counts, pitch, 0);
  clear_sums(sums);
  clear_sums(logit_sums);
  for (int o = 0; o < w.outputs; o++) counts[o] = TO_C(cells(taps(w, tables, o)));
  for (uint plane = share.first_plane; plane < share.end_plane; plane++) {
    const ulong first = ROW_START(plane, h.size, 0, w.size);
    int done = share.first_row;
    for (int r = needed.x;; r++) {
      for (; done < end_of_rows(h, share, needed, r); done++) {
#if GRAD_INPUT
        put_row(sums, w, done, grad_input + first + done * w.size);
#endif
#if GRAD_LOGITS
        put_row(logit_sums, w, done, grad_logits + first + done * w.size);
#endif
      }
      if (r >= needed.y) break;
      const Line th = taps(h, tables, r);
      load_rows(x + first, th, w, x_rows, pitch, NEUTRAL);
      load_rows(logits + first, th, w, logit_rows, pitch, NO_WEIGHT);
      load_row(grad_output + ROW_START(plane, h.outputs, r, w.outputs), g, w.outputs);
      for (int k = 0; k < w.outputs; k += LANES) {
        VC terms[TAPS], logit_terms[TAPS];
        terms_of(x_rows + k * STRIDE_W, logit_rows + k * STRIDE_W, pitch, LOAD_ROW(g + k),
                 TO_C(cells(th)) * LOAD_ROW(counts + k), terms, logit_terms);
        if (GRAD_INPUT) add_terms(sums, w, share, r * STRIDE_H - h.before, k, terms);
        if (GRAD_LOGITS) add_terms(logit_sums, w, share, r * STRIDE_H - h.before, k, logit_terms);
      }
      forget_terms_behind(sums, w);
      forget_terms_behind(logit_sums, w);
    }
  }
}
