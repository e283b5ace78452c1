// Maximum and minimum with indices in layout NHWC, rows at a time on a CPU: along each input row, then down the
// columns of the results, slice after slice; so the first maximum in flat order needs only strict comparisons.
// docs/semantics.md, 2.4, 4 and 5.
//
// A kernel of its own, since tile.cl takes 40 times as long: it compares a channel of a cell at a time.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), those of lib/rows.clh and lib/channels_last_rows.clh; SHARES_ROWS
//   (0); 1: what becomes of a row of cells is kept for all regions that have it in common; CAPACITY: elements of what
//   is kept, at least ROW_LANES for each row from the first one of a region to the last.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of channels, at
//   least ROW_LANES, and of output rows (all depths) per work-item. Work-items: (group of rows, n).
#define WIDENED 1
#include "lib/row_keys.clh"
#include "lib/channels_last_rows.clh"

#ifndef SHARES_ROWS
#define SHARES_ROWS 0
#endif

// The better one of the best so far and of a later key: of equal ones the first, of NaNs the last.
#define SELECT(key, number)                                  \
  {                                                          \
    const ROW key_ = (key);                                  \
    const ROW better = key_ > min(best, (ROW)INFINITY_KEY);  \
    cell = better ? (number) : cell;                         \
    best = better ? key_ : best;                             \
  }

// The greatest key of a region, or of a row of it, and the flat index of its cell. from: the first cell; first: its
// flat index; steps: in cells.
#define DEFINE_SELECT(name, UNROLL)                                                                    \
  static inline ROW name(__global const CELL_T *restrict from, int channels, int first, Steps steps,   \
                         int slices, int rows, int columns, ROW *index) {                              \
    ROW best = LEAST_KEY, cell = 0;                                                                    \
    UNROLL for (int i = 0; i < slices; i++)                                                            \
      UNROLL for (int j = 0; j < rows; j++)                                                            \
        UNROLL for (int k = 0; k < columns; k++) {                                                     \
          const long distance = i * steps.slice + j * steps.row + k * steps.column;                    \
          SELECT(LOAD_CELLS(from + distance * channels), (ROW)(ELEMENT)distance)                       \
        }                                                                                              \
    *index = slices * rows * columns > 0 ? cell + first : (ROW)-1;                                     \
    return best;                                                                                       \
  }
DEFINE_SELECT(select_part, )
#define WHOLE_D (SHARES_ROWS ? 1 : KERNEL_D)
#define WHOLE_H (SHARES_ROWS ? 1 : KERNEL_H)
#define UNROLLED_PART (WHOLE_D * WHOLE_H * KERNEL_W <= FEW_TAPS)
#if UNROLLED_PART
DEFINE_SELECT(select_whole, _Pragma("unroll"))
#endif

static inline void put(ROW best, ROW cell, __global CELL_T *restrict y, __global int *restrict indices) {
  PUT_ROW(y, cells_of(bits_of(best)));
#if TYPE == FLOAT32
  PUT_ROW(indices, cell);
#else
  STORE_ROW(indices, PASTE(convert_, LANES_OF(int))(cell));
#endif
}

// What a row gives: keys and cells, or outputs.
#if SHARES_ROWS
typedef ELEMENT *restrict Keys, *restrict Cells;
#define GIVE(best, cell, keys, cells) \
  STORE_ROW(keys, best);              \
  STORE_ROW(cells, cell)
#define PREFETCH_PART(from, steps)                                       \
  _Pragma("unroll") for (int k_ = 0; k_ < NEW_COLUMNS; k_++)             \
    PREFETCH_FROM((from) + k_ * (steps).column, 1)
#else
typedef __global CELL_T *restrict Keys;
typedef __global int *restrict Cells;
#define GIVE(best, cell, y, indices) put(best, cell, y, indices)
#define PREFETCH_PART(from, steps) PREFETCH_WINDOW(from, steps)
#endif

// Selects in each region of a row of outputs, or in one row of each; from: the first cell of the plane, first: that
// of the row; pitch: of what is given.
static inline void select_along(__global const CELL_T *restrict from, int channels, int size, int first, Steps steps,
                                int slices, int rows, Axis w, __global const int *restrict tables, int output,
                                int outputs, Keys keys, Cells cells_of_keys, int pitch) {
  for (int o = output; o < output + outputs; o++, keys += pitch, cells_of_keys += pitch) {
    const Line tw = taps(w, tables, o);
    const int columns = cells(tw), cell = first + at(tw, tw.first);
    __global const CELL_T *restrict part = from + (ulong)cell * channels;
    steps.column = tw.step;
    FOR_EACH_VECTOR(c, size) {
      ROW index, best;
#if UNROLLED_PART
      if (slices == WHOLE_D && rows == WHOLE_H && columns == KERNEL_W) {
        const Steps elements = {steps.slice * channels, steps.row * channels, steps.column * channels};
        PREFETCH_PART(part + c, elements);
        best = select_whole(part + c, channels, cell, steps, WHOLE_D, WHOLE_H, KERNEL_W, &index);
      } else
#endif
        best = select_part(part + c, channels, cell, steps, slices, rows, columns, &index);
      GIVE(best, index, keys + c, cells_of_keys + c);
    }
  }
}

#if SHARES_ROWS
#define IS_BOX (KERNEL_D == SPAN_D && KERNEL_H == SPAN_H && KEPT <= FEW_TAPS)

// The better one of some rows' results; kept: where these are, in flat order.
#define DEFINE_SELECT_DOWN(name, UNROLL)                                                                      \
  static inline ROW name(const ELEMENT *restrict keys, const ELEMENT *restrict cells_of_keys,                 \
                         const int *restrict kept, int count, ROW *index) {                                   \
    ROW best = LEAST_KEY, cell = -1;                                                                          \
    if (count > 0) {                                                                                          \
      best = LOAD_ROW(keys + kept[0]);                                                                        \
      cell = LOAD_ROW(cells_of_keys + kept[0]);                                                               \
    }                                                                                                         \
    UNROLL for (int i = 1; i < count; i++)                                                                    \
      SELECT(LOAD_ROW(keys + kept[i]), LOAD_ROW(cells_of_keys + kept[i]))                                     \
    *index = cell;                                                                                            \
    return best;                                                                                              \
  }
DEFINE_SELECT_DOWN(select_down_part, )
#if IS_BOX
DEFINE_SELECT_DOWN(select_down_whole, _Pragma("unroll"))
#endif
#endif

__kernel void max_pool_channels_last_indices_forward(__global const CELL_T *restrict x, __global CELL_T *restrict y,
                                                     __global int *restrict indices, const Axis d_given,
                                                     const Axis h_given, const Axis w_given,
                                                     __global const int *restrict tables,
                                                     const int channels, const int rows_per_item) {
  const Axis d = KNOWN(d_given, D), h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  __global const CELL_T *restrict plane = CHANNELS_AT(x, 1, 0, d.size * h.size, 0, w.size * channels);
#if SHARES_ROWS
  ELEMENT keys[CAPACITY];
  ELEMENT apart[CAPACITY + APART], *restrict cells_of_keys = apart + APART;
  const int block = channels_of_block(channels, KEPT, CAPACITY);
  const int strips = (w.outputs - 1) / (CAPACITY / KEPT / block) + 1, strip = (w.outputs - 1) / strips + 1;
#else
  const int block = channels, strip = w.outputs;
#endif
  for (int output = 0; output < w.outputs; output += strip)
    FOR_EACH_BLOCK(channel, size, channels, block) {
      const int outputs = min(strip, w.outputs - output);
#if SHARES_ROWS
      const int pitch = outputs * size;
      int rows_kept[KEPT];
      for (int i = 0; i < KEPT; i++) rows_kept[i] = -1;
#endif
      FOR_EACH_ROW_OF_ITEM(r, d.outputs * h.outputs) {
        const Line td = taps(d, tables, r / h.outputs), th = taps(h, tables, r % h.outputs);
        const ulong to = CHANNELS_AT((ulong)channel, d.outputs * h.outputs, r, w.outputs, output, channels);
#if SHARES_ROWS
        const Steps steps = {0, 0, 0};
        int kept[KEPT], count = 0;
        for (int i = td.first; i < td.end; i++)
          for (int j = th.first; j < th.end; j++) {
            const int slice = at(td, i), row = slice * h.size + at(th, j);
            const int place = KEPT_AT(slice, at(th, j)), from = place * pitch;
            kept[count++] = from;
            if (rows_kept[place] == row) continue;
            rows_kept[place] = row;
            select_along(plane + channel, channels, size, row * w.size, steps, 1, 1, w, tables, output, outputs,
                         keys + from, cells_of_keys + from, size);
          }
        for (int o = 0; o < outputs; o++) FOR_EACH_VECTOR(c, size) {
          const ELEMENT *restrict from = keys + o * size + c, *restrict cells_from = cells_of_keys + o * size + c;
          const ulong element = to + (ulong)o * channels + c;
          ROW index, best;
#if IS_BOX
          if (count == KEPT)
            best = select_down_whole(from, cells_from, kept, KEPT, &index);
          else
#endif
            best = select_down_part(from, cells_from, kept, count, &index);
          put(best, index, y + element, indices + element);
        }
#else
        const Steps steps = {(long)td.step * h.size * w.size, (long)th.step * w.size, 0};
        const int row = (at(td, td.first) * h.size + at(th, th.first)) * w.size;
        select_along(plane + channel, channels, size, row, steps, cells(td), cells(th), w, tables, output, outputs,
                     y + to, indices + to, channels);
#endif
      }
    }
}
