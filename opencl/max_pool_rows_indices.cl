// Maximum and minimum with indices, whole rows at a time on a CPU: along each input row, then down the
// columns of the results, slice after slice; so the first maximum in flat order needs only strict comparisons.
// docs/semantics.md, 2.4, 4 and 5. Windows, none empty.
//
// A kernel of its own, since tile.cl takes 6 times as long: its work-items share no columns, and compare cell
// by cell.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), those of lib/rows.clh.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes,
//   of planes per work-item, and of output rows (all depths) per work-item. Work-items: (group of planes,
//   group of rows).
#define WIDENED 1
#include "lib/row_keys.clh"

// Keys of a row of cells; returns the greatest so far.
static inline ROW load_keys(__global const CELL_T *restrict from, ELEMENT *restrict to, int width,
                            ROW greatest) {
  if (width >= ROW_LANES) {
    for (int c = 0; c < width; c += ROW_LANES) {
      const int k = min(c, width - ROW_LANES);
      PREFETCH_FROM(from + c, 1);
      const ROW keys = LOAD_CELLS(from + k);
      greatest = max(greatest, keys);
      STORE_ROW(to + k, keys);
    }
  } else {
    for (int c = 0; c < width; c++) {
      to[c] = LOAD_CELL(from + c);
      greatest = max(greatest, to[c]);
    }
  }
  return greatest;
}

// Numbers the NaNs, so that a later one has a greater key.
static inline void number_nans(ELEMENT *keys, int elements) {
  for (int i = 0; i < elements; i += ROW_LANES) {
    const ROW key = LOAD_ROW(keys + i);
    STORE_ROW(keys + i, key > INFINITY_KEY ? LANE_NUMBERS + (ELEMENT)(INFINITY_KEY + 1 + i) : key);
  }
}

// The maximum and its cell for each window along a row. skipped: for each window, the distance of its
// first cell that is not padding from its first tap; origin: the flat index of the first tap.
static inline void select_along(const ELEMENT *restrict from, const ELEMENT *restrict skipped,
                                ELEMENT *restrict keys, ELEMENT *restrict cells, int outputs,
                                int origin) {
  for (int c = 0; c < outputs; c += ROW_LANES) {
    ROW best = TAP(from + c * STRIDE_W, 0), cell = LOAD_ROW(skipped + c);
#pragma unroll
    for (int j = 1; j < KERNEL_W; j++) {
      const ROW key = TAP(from + c * STRIDE_W, j);
      cell = key > best ? (ROW)(j * DILATION_W) : cell;
      best = max(best, key);
    }
    STORE_ROW(keys + c, best);
    STORE_ROW(cells + c, cell + LANE_NUMBERS * (ELEMENT)STRIDE_W + (ELEMENT)(c * STRIDE_W + origin));
  }
}

static inline void put(__global CELL_T *restrict y, __global int *restrict indices, int c, int outputs,
                       ROW best, ROW cell) {
  const LANES_OF(CELL_T) values = cells_of(bits_of(best));
  const LANES_OF(int) index = PASTE(convert_, LANES_OF(int))(cell);
  if (outputs >= ROW_LANES) {
    STORE_ROW(y + c, values);
    STORE_ROW(indices + c, index);
  } else {
    CELL_T value_lanes[ROW_LANES];
    int index_lanes[ROW_LANES];
    STORE_ROW(value_lanes, values);
    STORE_ROW(index_lanes, index);
    for (int i = 0; i < outputs; i++) {
      y[i] = value_lanes[i];
      indices[i] = index_lanes[i];
    }
  }
}

// The better ones of the results so far and of a row of results.
#define SELECT_ROW(from)                                   \
  {                                                        \
    const ROW key = LOAD_ROW(keys + (from));               \
    cell = key > best ? LOAD_ROW(cells + (from)) : cell;   \
    best = max(best, key);                                 \
  }

// The output row whose windows have these slices and rows of results.
static inline void select_down(const ELEMENT *restrict keys, const ELEMENT *restrict cells, int slice, int step,
                               int slices, int rows, __global CELL_T *restrict y,
                               __global int *restrict indices, int outputs) {
  for (int c = 0; c < outputs; c += ROW_LANES) {
    const int k = LANES_FROM(c, outputs);
    ROW best = LOAD_ROW(keys + k), cell = LOAD_ROW(cells + k);
    if (rows == KERNEL_H) {
#pragma unroll
      for (int j = 1; j < KERNEL_H; j++) SELECT_ROW(k + j * step)
      for (int i = 1; i < slices; i++) {
#pragma unroll
        for (int j = 0; j < KERNEL_H; j++) SELECT_ROW(k + i * slice + j * step)
      }
    } else {
      for (int i = 0; i < slices; i++)
        for (int j = 0; j < rows; j++) SELECT_ROW(k + i * slice + j * step)
    }
    put(y, indices, k, outputs, best, cell);
  }
}

__kernel void max_pool_rows_indices_forward(__global const CELL_T *restrict x,
                                            __global CELL_T *restrict y,
                                            __global int *restrict indices, const Axis d_given,
                                            const Axis h_given, const Axis w_given,
                                            __global const int *restrict tables, const uint planes,
                                            const int planes_per_item, const int rows_per_item) {
  const Axis d = KNOWN(d_given, D), h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int height = h.size, width = w.size, outputs = w.outputs, left = w.before;
  const Share share = share_of(planes, planes_per_item, d.outputs * h.outputs, rows_per_item);
  ELEMENT buffer[CAPACITY + SLACK];
  ELEMENT keys[CAPACITY + APART];
  ELEMENT cells_of_keys[CAPACITY + 2 * APART];
  ELEMENT skipped[CAPACITY];
  const int pitch = max(left + width, (outputs - 1) * STRIDE_W + EFFECTIVE_W);
  const int output_pitch = (outputs + ROW_LANES - 1) / ROW_LANES * ROW_LANES;
  const int most_rows = (CAPACITY / KERNEL_D / max(pitch, output_pitch) - EFFECTIVE_H) / STRIDE_H + 1;
  const int strip = min(share.end_row - share.first_row, most_rows);
  const int rows_of_slice = (strip - 1) * STRIDE_H + EFFECTIVE_H;
  const int elements = KERNEL_D * rows_of_slice * pitch;
  for (int i = 0; i < elements + SLACK; i++) buffer[i] = LEAST_KEY;
  for (int o = 0; o < output_pitch; o++)
    skipped[o] = o < outputs ? taps(w, tables, o).first * DILATION_W : 0;
  for (uint plane = share.first_plane; plane < share.end_plane; plane++) {
    __global const CELL_T *restrict input = x + ROW_START(plane, d.size * height, 0, width);
    const ulong output = ROW_START(plane, d.outputs * h.outputs, 0, outputs);
    int bottom;
    for (int top = share.first_row; top < share.end_row; top = bottom) {
      const int behind = top / h.outputs * h.outputs;  // the rows of the slices before
      bottom = min(min(top + strip, share.end_row), behind + h.outputs);
      const Line td = taps(d, tables, top / h.outputs);
      const int slices = KERNEL_D == 1 ? 1 : cells(td);
      const int origin = (top - behind) * STRIDE_H - h.before;  // the input row at the buffer's start
      const int first = max(origin, 0);
      const int end = min((bottom - behind - 1) * STRIDE_H - h.before + EFFECTIVE_H, height);
      ROW greatest = LEAST_KEY;
      for (int i = 0; i < slices; i++)
        for (int r = first; r < end; r++)
          greatest = load_keys(input + (at(td, td.first + i) * height + r) * width,
                               buffer + (i * rows_of_slice + r - origin) * pitch + left, width, greatest);
      if (any(greatest > INFINITY_KEY)) number_nans(buffer, elements);
      for (int i = 0; i < slices; i++)
        for (int r = first; r < end; r++) {
          const int row = i * rows_of_slice + r - origin;
          select_along(buffer + row * pitch, skipped, keys + row * output_pitch,
                       cells_of_keys + row * output_pitch, outputs,
                       (at(td, td.first + i) * height + r) * width - left);
        }
      for (int r = top; r < bottom; r++) {
        const Line th = taps(h, tables, r - behind);
        const int from = (at(th, th.first) - origin) * output_pitch;
        select_down(keys + from, cells_of_keys + from, rows_of_slice * output_pitch, DILATION_H * output_pitch,
                    slices, th.end - th.first, y + output + r * outputs, indices + output + r * outputs, outputs);
      }
    }
  }
}
