// Maximum and minimum with indices in layout NHWC, rows at a time on a CPU. docs/semantics.md, 2.4, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), those of lib/rows.clh; LANES as many as ROW_LANES.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, at
//   least LANES, and of output rows (all depths) per work-item. Work-items: (group of rows, n).
#include "lib/row_sums.clh"
#include "lib/channels_last_rows.clh"

// The greatest key of a region and the flat index of its cell. from: the first cell; first: its flat index;
// steps: in cells.
#define DEFINE_SELECT(name, UNROLL)                                                                \
  static inline VBITS name(__global const T *restrict from, int channels, int first, Steps steps,  \
                           int slices, int rows, int columns, VBITS *index) {                      \
    VBITS best = LEAST_KEY, selected = slices * rows * columns > 0 ? (BITS)first : (BITS)-1;       \
    UNROLL for (int i = 0; i < slices; i++)                                                        \
      UNROLL for (int j = 0; j < rows; j++)                                                        \
        UNROLL for (int k = 0; k < columns; k++) {                                                 \
          const long distance = i * steps.slice + j * steps.row + k * steps.column;                \
          const VBITS keys = keys_of(VLOAD(from + distance * channels));                           \
          const VBITS better = keys > best || keys > INFINITY_KEY;                                 \
          best = better ? keys : best;                                                             \
          selected = better ? (VBITS)(BITS)(first + distance) : selected;                          \
        }                                                                                          \
    *index = selected;                                                                             \
    return best;                                                                                   \
  }
DEFINE_SELECT(select_part, )
#if UNROLLED
DEFINE_SELECT(select_whole, _Pragma("unroll"))
#endif

__kernel void max_pool_channels_last_indices_forward(__global const T *restrict x, __global T *restrict y,
                                                     __global int *restrict indices, const Axis d_given,
                                                     const Axis h_given, const Axis w_given,
                                                     __global const int *restrict tables,
                                                     const int channels, const int rows_per_item) {
  const Axis d = KNOWN(d_given, D), h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  FOR_EACH_ROW_OF_ITEM(r, d.outputs * h.outputs) {
    const Line td = taps(d, tables, r / h.outputs), th = taps(h, tables, r % h.outputs);
    for (int o = 0; o < w.outputs; o++) {
      const Line tw = taps(w, tables, o);
      const int first = (at(td, td.first) * h.size + at(th, th.first)) * w.size + at(tw, tw.first);
      const Steps steps = {(long)td.step * h.size * w.size, (long)th.step * w.size, tw.step};
      const Steps elements = {steps.slice * channels, steps.row * channels, steps.column * channels};
      const int slices = cells(td), rows = cells(th), columns = cells(tw);
      __global const T *restrict from = CHANNELS_AT(x, 1, 0, d.size * h.size * w.size, first, channels);
      __global T *restrict to = CHANNELS_AT(y, d.outputs * h.outputs, r, w.outputs, o, channels);
      __global int *restrict indices_to = CHANNELS_AT(indices, d.outputs * h.outputs, r, w.outputs, o, channels);
      FOR_EACH_VECTOR(c, channels) {
        VBITS index, best;
#if UNROLLED
        if (slices == KERNEL_D && rows == KERNEL_H && columns == KERNEL_W) {
          PREFETCH_WINDOW(from + c, elements);
          best = select_whole(from + c, channels, first, steps, KERNEL_D, KERNEL_H, KERNEL_W, &index);
        } else
#endif
          best = select_part(from + c, channels, first, steps, slices, rows, columns, &index);
        STORE_SUMS(to + c, numbers_of(best));
        STORE_WHOLE(VECTOR_OF(convert_int)(index), indices_to + c);
      }
    }
  }
}
