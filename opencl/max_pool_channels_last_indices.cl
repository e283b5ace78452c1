// Maximum and minimum with indices in layout NHWC, rows at a time on a CPU. docs/semantics.md, 2.4, 4 and 5.
//
// A kernel of its own, since tile.cl takes 40 times as long: it compares a channel of a cell at a time.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), those of lib/rows.clh and lib/channels_last_rows.clh; LANES
//   as many as ROW_LANES.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, at
//   least LANES, and of output rows (all depths) per work-item. Work-items: (group of rows, n).
#include "lib/row_sums.clh"
#include "lib/channels_last_rows.clh"

// The greatest key of a region, or of a column, and the flat index of its cell. from: the first cell; first: its
// flat index; steps: in cells.
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

#if SHARES_COLUMNS
// Selects in the columns of a row of regions, for a block of channels; from: the first cell of the first column.
static inline void select_columns(__global const T *restrict from, BITS *restrict keys, BITS *restrict selected,
                                  int first, Steps steps, int slices, int rows, int width, int channels, int block) {
  for (int cell = 0; cell < width; cell++, from += channels, keys += block, selected += block)
    FOR_EACH_VECTOR(c, block) {
      VBITS index, best;
#if UNROLLED
      if (slices == KERNEL_D && rows == KERNEL_H)
        best = select_whole(from + c, channels, first + cell, steps, KERNEL_D, KERNEL_H, 1, &index);
      else
#endif
        best = select_part(from + c, channels, first + cell, steps, slices, rows, 1, &index);
      STORE_WHOLE(best, keys + c);
      STORE_WHOLE(index, selected + c);
    }
}

// The best of some selected columns: of equal ones the first in flat order, of NaNs the last.
static inline VBITS select_along(const BITS *restrict keys, const BITS *restrict selected, int step, int columns,
                                 VBITS *index) {
  VBITS best = LEAST_KEY, found = -1;  // the greatest of unsigned ones
  for (int k = 0; k < columns; k++) {
    const VBITS key = LOAD_WHOLE(keys + k * step), cell = LOAD_WHOLE(selected + k * step);
    const VBITS sooner = AS_VNATURAL(cell) < AS_VNATURAL(found);
    found = key > best || (key == best && sooner) ? cell : found;
    best = max(best, key);
  }
  if (some(best > INFINITY_KEY)) {
    VBITS last = -1;
    for (int k = 0; k < columns; k++) {
      const VBITS key = LOAD_WHOLE(keys + k * step), cell = LOAD_WHOLE(selected + k * step);
      last = key > INFINITY_KEY ? max(last, cell) : last;
    }
    found = best > INFINITY_KEY ? last : found;
  }
  *index = found;
  return best;
}
#endif

__kernel void max_pool_channels_last_indices_forward(__global const T *restrict x, __global T *restrict y,
                                                     __global int *restrict indices, const Axis d_given,
                                                     const Axis h_given, const Axis w_given,
                                                     __global const int *restrict tables,
                                                     const int channels, const int rows_per_item) {
  const Axis d = KNOWN(d_given, D), h = KNOWN(h_given, H), w = KNOWN(w_given, W);
#if SHARES_COLUMNS
  BITS keys[CAPACITY], selected[CAPACITY];
  const int block = channels_of_block(channels, w.size, CAPACITY);
#else
  const int block = channels;
#endif
  FOR_EACH_ROW_OF_ITEM(r, d.outputs * h.outputs) {
    const Line td = taps(d, tables, r / h.outputs), th = taps(h, tables, r % h.outputs);
    const int slices = cells(td), rows = cells(th);
    const int row = (at(td, td.first) * h.size + at(th, th.first)) * w.size;
    Steps steps = {(long)td.step * h.size * w.size, (long)th.step * w.size, 0};
    FOR_EACH_BLOCK(channel, size, channels, block) {
#if SHARES_COLUMNS
      if (slices > 0 && rows > 0)
        select_columns(CHANNELS_AT(x, 1, 0, d.size * h.size * w.size, row, channels) + channel, keys, selected, row,
                       steps, slices, rows, w.size, channels, size);
#endif
      for (int o = 0; o < w.outputs; o++) {
        const Line tw = taps(w, tables, o);
        const int columns = slices > 0 && rows > 0 ? cells(tw) : 0, column = at(tw, tw.first);
        const ulong to = CHANNELS_AT((ulong)channel, d.outputs * h.outputs, r, w.outputs, o, channels);
#if SHARES_COLUMNS
        const int from = column * size;
#else
        __global const T *restrict from =
            CHANNELS_AT(x, 1, 0, d.size * h.size * w.size, row + column, channels) + channel;
        steps.column = tw.step;
        const Steps elements = {steps.slice * channels, steps.row * channels, steps.column * channels};
#endif
        FOR_EACH_VECTOR(c, size) {
          VBITS index, best;
#if SHARES_COLUMNS
          best = select_along(keys + from + c, selected + from + c, tw.step * size, columns, &index);
#else
#if UNROLLED
          if (slices == KERNEL_D && rows == KERNEL_H && columns == KERNEL_W) {
            PREFETCH_WINDOW(from + c, elements);
            best = select_whole(from + c, channels, row + column, steps, KERNEL_D, KERNEL_H, KERNEL_W, &index);
          } else
#endif
            best = select_part(from + c, channels, row + column, steps, slices, rows, columns, &index);
#endif
          STORE_SUMS(y + to + c, numbers_of(best));
          STORE_WHOLE(VECTOR_OF(convert_int)(index), indices + to + c);
        }
      }
    }
  }
}
