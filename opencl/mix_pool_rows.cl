// Maximum and average mixed, a row of outputs at a time on a CPU; see reductions/mix.clh. The columns of the input
// rows that a row of outputs needs are folded into two private buffers, one of keys, one of sums.
// docs/semantics.md, 2.2, 2.4, 4 and 5. At most 64 terms along an axis, no region empty, float quotients by
// the device's own division.
//
// A kernel of its own, since tile.cl takes 17 times as long: it folds keys and sums of each window anew, cell
// by cell.
//
// Macros (defaults): TYPE (FLOAT32), DIVISOR (CELLS), those of lib/rows.clh, MIXTURE (MIX_WEIGHTED) but not
//   MIX_GATED, and what belongs to it (lib/mixtures.clh), CHOICE (0) as in lib/outputs.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows per work-item; the number of channels; own_weights as in
//   lib/sources.clh. Work-items: (group of planes, group of rows).
#include "lib/row_windows.clh"
#include "lib/mixtures.clh"
#include "lib/philox.clh"

#if MIXTURE == MIX_ALPHA
#define WEIGHTS_PARAMETER __global const C *restrict weights,
#else
#define WEIGHTS_PARAMETER
#endif

#ifndef CHOICE
#define CHOICE 0
#endif

// Stands for cells in the padding: it changes no sum, and its bits are LEAST_KEY.
#define PADDING NEUTRAL

// The greatest keys and the sums of columns of count rows, step apart.
static inline void fold_columns(__global const T *restrict from, int count, int step, int width,
                                C *restrict keys, C *restrict sums) {
  for (int c = 0; c < (width < LANES ? width : 0); c++) {
    BITS key = LEAST_KEY;
    C sum = NEUTRAL;
    for (int i = 0; i < count; i++) {
      const C cell = LOAD_CELL(from + i * step + c);
      key = max(key, key_of(cell));
      sum += cell;
    }
    keys[c] = AS_C(key);
    sums[c] = sum;
  }
  for (int c = 0; c < (width < LANES ? 0 : width); c += LANES) {
    const int k = min(c, width - LANES);
    VBITS key = LEAST_KEY;
    VC sum = NEUTRAL;
    for (int i = 0; i < count; i++) {
      const VC cells = LOAD_CELLS(from + i * step + k);
      key = max(key, keys_of(cells));
      sum += cells;
    }
    STORE_ROW(keys + k, AS_VC(key));
    STORE_ROW(sums + k, sum);
  }
}

__kernel void mix_pool_rows_forward(__global const T *restrict x, WEIGHTS_PARAMETER __global T *restrict y,
#if MIXTURE == MIX_RANDOM
                                    const ulong4 key,
#if CHOICE
                                    __global int *restrict choice,
#endif
#endif
                                    const Axis d, const Axis h_given, const Axis w_given,
                                    __global const int *restrict tables, const uint planes,
                                    const int planes_per_item, const int rows_per_item,
                                    const int channels, const int own_weights) {
  const Axis h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int pitch = window_pitch(w), outputs = w.outputs;
  const Share share = share_of(planes, planes_per_item, h.outputs, rows_per_item);
  C keys[CAPACITY + SLACK], sums[CAPACITY + SLACK], counts[CAPACITY];
  for (int i = 0; i < pitch + SLACK; i++) keys[i] = sums[i] = PADDING;
  for (int o = 0; o < outputs; o++) counts[o] = count_of(w, taps(w, tables, o));
  for (uint plane = share.first_plane; plane < share.end_plane; plane++) {
#if MIXTURE == MIX_RANDOM
    const bool maximum = philox_uniform(key, PLANES_STREAM, plane) < 0.5f;
#if CHOICE
    if (share.first_row == 0) choice[plane] = maximum ? 1 : 0;
#endif
#elif MIXTURE == MIX_ALPHA
    const C alpha = weights[plane % channels * own_weights], rest = (C)1 - alpha;
#elif MIXTURE == MIX_WEIGHTED
    const C alpha = SHARE_OF_MAX, rest = SHARE_OF_AVG;
#endif
    __global const T *restrict from = x + ROW_START(plane, h.size, 0, w.size);
    for (int r = share.first_row; r < share.end_row; r++) {
      const Line th = taps(h, tables, r);
      const C row_count = count_of(h, th);
      fold_columns(from + at(th, th.first) * w.size, cells(th), th.step * w.size, w.size, keys + w.before,
                   sums + w.before);
      FOR_EACH_VECTOR(k, outputs) {
        VBITS best = LEAST_KEY;
        VC sum = NEUTRAL;
        FOR_EACH_TAP(j) {
          best = max(best, AS_VBITS(TAP(keys + k * STRIDE_W, j)));
          sum += TAP(sums + k * STRIDE_W, j);
        }
        const VC maxima = numbers_of(best);
        const VC averages = sum / (row_count * LOAD_ROW(counts + k));
#if MIXTURE == MIX_CAT
        const ulong first = (plane / channels * 2 * channels + plane % channels) * h.outputs + r;
        const ulong second = first + (ulong)channels * h.outputs;
        store_outputs(y + (MAX_FIRST ? first : second) * outputs, k, outputs, maxima);
        store_outputs(y + (MAX_FIRST ? second : first) * outputs, k, outputs, averages);
#elif MIXTURE == MIX_RANDOM
        store_outputs(y + ROW_START(plane, h.outputs, r, outputs), k, outputs, maximum ? maxima : averages);
#else
        store_outputs(y + ROW_START(plane, h.outputs, r, outputs), k, outputs,
                      (alpha * maxima) + (rest * averages));
#endif
      }
    }
  }
}
