// Gradient of average and sum in layout NHWC, rows at a time on a CPU: each row of outputs is divided once for
// all rows of cells that it covers, and the columns of these are summed once for a row of cells.
// docs/semantics.md, 2.2 and 5. At most 64 covers along an axis, float quotients by the device's own division.
//
// A kernel of its own, since tile_gradient.cl takes 4 times as long: it loads output by output, a channel at a
// time.
//
// Macros (defaults): TYPE (FLOAT32), DIVISOR (CELLS), ACCUMULATE (0: replaced), those of lib/rows.clh and
//   lib/channels_last_rows.clh; LANES as many as ROW_LANES; SPAN_D, SPAN_H: of the outputs that cover a cell;
//   CAPACITY: at least one row of outputs more than these, of ROW_LANES channels each.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, at
//   least LANES, and of input rows (all depths) per work-item; the divisor of DIVISOR FIXED.
//   Work-items: (group of rows, n).
#include "lib/row_sums.clh"
#include "lib/channels_last_rows.clh"

#ifndef ACCUMULATE
#define ACCUMULATE 0
#endif
#if DIVISOR == NO_DIVISOR
#define AVERAGED(v, divisor) (v)
#else
#define AVERAGED(v, divisor) ((v) / TO_C(divisor))
#endif

// The sum of a column of covers. kept: where its rows are.
#define DEFINE_SUM(name, UNROLL)                                                             \
  static inline VC name(const ELEMENT *restrict from, const int *restrict kept, int slices, int rows) { \
    VC over_d = NEUTRAL;                                                                     \
    UNROLL for (int i = 0; i < slices; i++) {                                                \
      VC over_h = NEUTRAL;                                                                   \
      UNROLL for (int j = 0; j < rows; j++) over_h += LOAD_WHOLE(from + kept[i * rows + j]); \
      over_d += over_h;                                                                      \
    }                                                                                        \
    return over_d;                                                                           \
  }
DEFINE_SUM(sum_part, )
#if KEPT <= FEW_TAPS
DEFINE_SUM(sum_whole, _Pragma("unroll"))
#endif

__kernel void avg_pool_channels_last_gradient_backward(__global const T *restrict grad_output,
                                                       __global T *restrict grad_input,
                                                       const Axis d_given, const Axis h_given,
                                                       const Axis w_given,
                                                       __global const int *restrict tables,
                                                       const int channels, const int rows_per_item,
                                                       const int fixed_divisor) {
  const Axis d = KNOWN(d_given, D), h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  ELEMENT terms[CAPACITY];
  const int block = channels_of_block(channels, (KEPT + 1) * w.outputs, CAPACITY);
  FOR_EACH_BLOCK(first, size, channels, block) {
    const int pitch = w.outputs * size;
    ELEMENT *restrict sums = terms + KEPT * pitch;
    int rows_kept[KEPT];
    for (int i = 0; i < KEPT; i++) rows_kept[i] = -1;
    FOR_EACH_ROW_OF_ITEM(r, d.size * h.size) {
      const Line cd = covers(d, tables, r / h.size), ch = covers(h, tables, r % h.size);
      int kept[KEPT];
      for (int i = 0; i < cd.end; i++)
        for (int j = 0; j < ch.end; j++) {
          const int slice = at(cd, i), row = at(ch, j), place = KEPT_AT(slice, row);
          const int output_row = slice * h.outputs + row;
          kept[i * ch.end + j] = place * pitch;
          if (rows_kept[place] == output_row) continue;
          rows_kept[place] = output_row;
          const Line td = taps(d, tables, slice), th = taps(h, tables, row);
          for (int o = 0; o < w.outputs; o++) {
            const Line tw = taps(w, tables, o);
            const C divisor = TO_C(divisor_of(d, h, w, td, th, tw, fixed_divisor));
            __global const T *restrict from =
                CHANNELS_AT(grad_output, d.outputs * h.outputs, output_row, w.outputs, o, channels) + first;
            ELEMENT *restrict to = terms + place * pitch + o * size;
            FOR_EACH_VECTOR(c, size) STORE_WHOLE(AVERAGED(VLOAD(from + c), divisor), to + c);
          }
        }
#if KEPT <= FEW_TAPS
      if (cd.end == SPAN_D && ch.end == SPAN_H) {
        FOR_EACH_VECTOR(e, pitch) STORE_WHOLE(sum_whole(terms + e, kept, SPAN_D, SPAN_H), sums + e);
      } else
#endif
        FOR_EACH_VECTOR(e, pitch) STORE_WHOLE(sum_part(terms + e, kept, cd.end, ch.end), sums + e);
      for (int cell = 0; cell < w.size; cell++) {
        const Line cw = covers(w, tables, cell);
        const ELEMENT *restrict from = sums + cw.origin * size;
        __global T *restrict to = CHANNELS_AT(grad_input, d.size * h.size, r, w.size, cell, channels) + first;
        FOR_EACH_VECTOR(c, size) {
          VC sum = NEUTRAL;
          for (int k = 0; k < cw.end; k++) sum += LOAD_WHOLE(from + k * cw.step * size + c);
          sum = without_negative_zeros(sum);
#if ACCUMULATE
          sum = VLOAD(to + c) + sum;
#endif
          STORE_SUMS(to + c, sum);
        }
      }
    }
  }
}
