// Gradient of maximum and average mixed, a row of outputs at a time on a CPU; see reductions/mix.clh. What each
// output of the rows that cover a row of cells gives lies in private buffers; the cells gather.
// docs/semantics.md, 2.2, 2.4, 4 and 5. At most 64 cells or outputs along an axis, no region empty, float
// quotients by the device's own division.
//
// A kernel of its own, since tile_gradient.cl takes 15 times as long: it loads what outputs give from memory,
// one by one.
//
// Macros (defaults): TYPE (FLOAT32), DIVISOR (CELLS), those of lib/row_terms.clh, MIXTURE (MIX_WEIGHTED) but
//   not MIX_GATED, and what belongs to it (lib/mixtures.clh), OF_SHARES (0): whether what each output gives
//   to the gradient of alpha is stored.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of input rows per work-item; the number of channels; own_weights as in
//   lib/sources.clh. Work-items: (group of planes, group of rows).
#include "lib/row_windows.clh"
#include "lib/row_terms.clh"
#include "lib/mixtures.clh"

#if MIXTURE == MIX_ALPHA
#define WEIGHTS_PARAMETER __global const C *restrict weights,
#else
#define WEIGHTS_PARAMETER
#endif

#ifndef OF_SHARES
#define OF_SHARES 0
#endif

// How many rows of outputs reach a row of cells at most.
#define ROWS_OF_COVERS ((EFFECTIVE_H - 1) / STRIDE_H + 1)

// Where a row of outputs begins in a buffer.
static inline int place_of(Axis w, int output_row) {
  return output_row % ROWS_OF_COVERS * terms_pitch(w) + LEAD;
}

// Loads the rows of a row of windows, and their keys; padding must not be selected.
static inline void load_keys(__global const T *restrict plane, Line th, Axis w, C *restrict rows,
                             C *restrict keys, int pitch) {
  load_rows(plane, th, w, rows, pitch, NEUTRAL);
  for (int i = 0; i < KERNEL_H; i++) {
    const C *row = rows + i * pitch + w.before;
    C *row_keys = keys + i * pitch + w.before;
    const bool inside = i >= th.first && i < th.end;
    for (int c = 0; c < w.size; c++) row_keys[c] = AS_C(inside ? key_of(row[c]) : LEAST_KEY);
  }
}

// The greatest key of each window, and at which tap it is; -1 where all cells are -infinity, as padding is.
static inline VBITS greatest_of(const C *restrict keys, int pitch, VBITS *tap) {
  VBITS best = LEAST_KEY;
  *tap = (BITS)-1;
  FOR_EACH_ROW(i) FOR_EACH_TAP(j) {
    const VBITS key = AS_VBITS(TAP(keys + i * pitch, j));
    const VBITS better = key > best || key > INFINITY_KEY;
    best = better ? key : best;
    *tap = better ? (VBITS)(i * KERNEL_W + j) : *tap;
  }
  return best;
}

// The first taps of the windows from k on that have none yet.
static inline void select_first(VBITS *tap, Line th, __global const int *tables, Axis w, int k) {
  BITS lanes[LANES];
  STORE_WHOLE(*tap, lanes);
  for (int i = 0; i < min(LANES, w.outputs - k); i++)
    if (lanes[i] < 0) lanes[i] = th.first * KERNEL_W + taps(w, tables, k + i).first;
  *tap = LOAD_WHOLE(lanes);
}

static inline VC sum_of(const C *restrict rows, int pitch) {
  VC sum = NEUTRAL;
  FOR_EACH_TAP(j) {
    VC sum_h = NEUTRAL;
    FOR_EACH_ROW(i) sum_h += TAP(rows + i * pitch, j);
    sum += sum_h;
  }
  return sum;
}

// Stores the gradients of a row of cells: what it gets as maximum in one plain running sum, then by averages.
static inline void put_cells(const BITS *restrict taps, const C *restrict of_max, const C *restrict of_avg,
                             Axis h, Axis w, int row, Line ch, __global T *restrict to) {
  for (int c = 0; c < phase_cells(w); c += LANES) {
    const int k = phase_lanes_from(c, w.size);
    ROW totals[STRIDE_W];
#pragma unroll
    for (int phase = 0; phase < STRIDE_W; phase++) {
      ROW by_max = (ROW)0, by_avg = NEUTRAL;
      for (int i = 0; i < ch.end; i++) {
        const int o = at(ch, i), from = place_of(w, o) + w.before / STRIDE_W + k;
        const int first = (row + h.before - o * STRIDE_H) / DILATION_H * KERNEL_W;
#pragma unroll
        for (int j = KERNEL_W - 1; j >= 0; j--)
          if (IS_COVERED(phase, j)) {
            const VBITS selected = LOAD_ROW(taps + from + COVER(phase, j)) == (BITS)(first + j);
            by_max += selected ? LOAD_ROW(of_max + from + COVER(phase, j)) : (ROW)NEUTRAL;
          }
      }
#pragma unroll
      for (int j = KERNEL_W - 1; j >= 0; j--)
        if (IS_COVERED(phase, j)) {
          ROW column = NEUTRAL;
          for (int i = 0; i < ch.end; i++)
            column += LOAD_ROW(of_avg + place_of(w, at(ch, i)) + w.before / STRIDE_W + k + COVER(phase, j));
          by_avg += column;
        }
      totals[phase] = by_max + without_negative_zeros(by_avg);
    }
    put_phases(to, k, w.size, totals);
  }
}

__kernel void mix_pool_rows_gradient_backward(
    __global const T *restrict x, WEIGHTS_PARAMETER __global const T *restrict grad_output,
#if MIXTURE == MIX_RANDOM
    __global const int *restrict choice,
#endif
    __global T *restrict grad_input,
#if OF_SHARES
    __global C *restrict of_shares,
#endif
    const Axis d, const Axis h_given, const Axis w_given, __global const int *restrict tables,
    const uint planes, const int planes_per_item, const int rows_per_item, const int channels,
    const int own_weights) {
  const Axis h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int pitch = window_pitch(w), outputs = w.outputs;
  const Share share = share_of(planes, planes_per_item, h.size, rows_per_item);
  C rows[CAPACITY + SLACK], keys[CAPACITY + SLACK], counts[CAPACITY + SLACK];
  C max_gradients[CAPACITY + SLACK], avg_gradients[CAPACITY + SLACK];
  C of_max[SUMS_CAPACITY], of_avg[SUMS_CAPACITY];
  BITS selected[SUMS_CAPACITY];
  clear_rows(rows, pitch, NEUTRAL);
  clear_rows(keys, pitch, AS_C(LEAST_KEY));
  clear_rows(counts, pitch, 1);
  clear_rows(max_gradients, pitch, 0);
  clear_rows(avg_gradients, pitch, 0);
  clear_sums(of_max);
  clear_sums(of_avg);
  for (int i = 0; i < SUMS_CAPACITY; i++) selected[i] = -1;
  for (int o = 0; o < outputs; o++) counts[o] = count_of(w, taps(w, tables, o));
  for (uint plane = share.first_plane; plane < share.end_plane; plane++) {
#if MIXTURE == MIX_RANDOM
    const bool maximum = choice[plane] != 0;
#elif MIXTURE == MIX_ALPHA
    const C alpha = weights[plane % channels * own_weights], rest = (C)1 - alpha;
#elif MIXTURE == MIX_WEIGHTED
    const C alpha = SHARE_OF_MAX, rest = SHARE_OF_AVG;
#endif
    __global const T *restrict from = x + ROW_START(plane, h.size, 0, w.size);
    __global T *restrict to = grad_input + ROW_START(plane, h.size, 0, w.size);
    int r = needed_rows(h, share.first_row, share.end_row).x;
    for (int row = share.first_row; row < share.end_row; row++) {
      for (; r < needed_rows(h, row, row + 1).y; r++) {
        const Line th = taps(h, tables, r);
        const C row_count = count_of(h, th);
        load_keys(from, th, w, rows, keys, pitch);
#if MIXTURE == MIX_CAT
        const ulong first = (plane / channels * 2 * channels + plane % channels) * h.outputs + r;
        const ulong second = first + (ulong)channels * h.outputs;
        load_row(grad_output + (MAX_FIRST ? first : second) * outputs, max_gradients, outputs);
        load_row(grad_output + (MAX_FIRST ? second : first) * outputs, avg_gradients, outputs);
#else
        load_row(grad_output + ROW_START(plane, h.outputs, r, outputs), max_gradients, outputs);
#endif
        const int place = place_of(w, r);
        for (int k = 0; k < outputs; k += LANES) {
          VBITS tap;
          const VBITS best = greatest_of(keys + k * STRIDE_W, pitch, &tap);
          const VC divisors = row_count * LOAD_ROW(counts + k);
          if (some(tap < (BITS)0)) select_first(&tap, th, tables, w, k);
          VC by_max = LOAD_ROW(max_gradients + k);
          VC by_avg = MIXTURE == MIX_CAT ? LOAD_ROW(avg_gradients + k) : by_max;
#if MIXTURE == MIX_RANDOM
          if (maximum)
            by_avg = NEUTRAL;
          else
            tap = (BITS)-1;
#elif MIXTURE != MIX_CAT
#if OF_SHARES
          const VC averages = sum_of(rows + k * STRIDE_W, pitch) / divisors;
          C lanes[LANES];
          STORE_ROW(lanes, by_max * (numbers_of(best) - averages));
          for (int i = 0; i < min(LANES, outputs - k); i++)
            of_shares[ROW_START(plane, h.outputs, r, outputs) + k + i] = lanes[i];
#endif
          by_max = alpha * by_max;
          by_avg = rest * by_avg;
#endif
          STORE_ROW(selected + place + k, tap);
          STORE_ROW(of_max + place + k, by_max);
          STORE_ROW(of_avg + place + k, by_avg / divisors);
        }
        // Behind the last output there is none.
        STORE_ROW(selected + place + outputs, (VBITS)(BITS)-1);
        STORE_ROW(of_avg + place + outputs, (ROW)NEUTRAL);
      }
      put_cells(selected, of_max, of_avg, h, w, row, covers(h, tables, row), to + row * w.size);
    }
  }
}
