// Stochastic pooling, a row of outputs at a time on a CPU; see reductions/stochastic.clh. Rows with NaN, infinity
// or a total that overflows go output by output. docs/semantics.md, 3, 4 and 5.
//
// A kernel of its own, since tile.cl takes 5 times as long: it draws and adds up output by output.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/rows.clh,
//   INDICES (0): whether the index of the drawn cell is stored.
// Arguments: the buffers; the key (lib/philox.clh); the axes d, h, w and their tables (lib/regions.clh); the
//   number of planes, of planes per work-item, and of output rows per work-item. Work-items: (group of
//   planes, group of rows).
#include "lib/row_windows.clh"
#include "lib/philox_vectors.clh"
#include "lib/region_in_memory.clh"
#define OF_REGIONS 1
#include "reductions/stochastic.clh"

#ifndef INDICES
#define INDICES 0
#endif

#define PADDING ((C)0)

// What eight neighbouring windows draw. Cells are places behind the first of the first window's row.
typedef struct {
  VC values, totals;
  VBITS cells;
} Drawn;

// The weights of a tap; NaN stays, and ends up in the total.
static inline VC weights_of(VC x) { return x < (VC)0 ? (VC)0 : x; }

static inline Drawn draw(const C *restrict rows, int count, int pitch, int row_step, VC u) {
  Drawn drawn = {(VC)0, (VC)0, -1};
  for (int i = 0; i < count; i++)
    FOR_EACH_TAP(j) drawn.totals += weights_of(TAP(rows + i * pitch, j));
  const VC thresholds = u * drawn.totals;
  VC sums = (VC)0;
  for (int i = 0; i < count; i++)
    FOR_EACH_TAP(j) {
      const VC weights = weights_of(TAP(rows + i * pitch, j));
      const VBITS takes = sums <= thresholds && weights > (VC)0;
      drawn.values = takes ? weights : drawn.values;
      drawn.cells = takes ? (VBITS)(i * row_step + j * DILATION_W) : drawn.cells;
      sums += weights;
    }
  return drawn;
}

#if INDICES
// Stores where the outputs of a row from k on were drawn; first: the place of the row's first window.
static inline void store_cells(__global int *to, int k, int outputs, VBITS cells, int first) {
  const int8 windows = first + (k + (int8)(0, 1, 2, 3, 4, 5, 6, 7)) * STRIDE_W;
  const int8 places = convert_int8(cells);
  const int8 indices = places < 0 ? (int8)-1 : places + windows;
  if (outputs >= LANES) {
    store8(indices, to + k);
    return;
  }
  int lanes[LANES];
  store8(indices, lanes);
  for (int i = 0; i < outputs; i++) to[i] = lanes[i];
}
#endif

__kernel void stochastic_pool_rows_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                                           __global int *restrict indices,
#endif
                                           const ulong4 key, const Axis d, const Axis h_given,
                                           const Axis w_given, __global const int *restrict tables,
                                           const uint planes, const int planes_per_item,
                                           const int rows_per_item) {
  const Axis h = KNOWN(h_given, H), w = KNOWN(w_given, W);
  const int pitch = window_pitch(w), outputs = w.outputs;
  const Share share = share_of(planes, planes_per_item, h.outputs, rows_per_item);
  C rows[CAPACITY + SLACK], numbers[CAPACITY + VECTOR_NUMBERS + LANES];
  for (int i = 0; i < KERNEL_H * pitch + SLACK; i++) rows[i] = PADDING;
  for (uint plane = share.first_plane; plane < share.end_plane; plane++)
    for (int r = share.first_row; r < share.end_row; r++) {
      const Line th = taps(h, tables, r);
      const int count = cells(th), first = at(th, th.first) * w.size, step = th.step * w.size;
      __global const T *restrict from = x + ROW_START(plane, h.size, 0, w.size);
      const ulong row = ROW_START(plane, h.outputs, r, outputs);
      __global T *restrict to = y + row;
      for (int i = 0; i < count; i++) load_row(from + first + i * step, rows + i * pitch + w.before, w.size);
      const C *u = philox_row(numbers, key, OUTPUTS_STREAM, row, outputs);
      VBITS odd = 0;
      FOR_EACH_VECTOR(k, outputs) {
        const C *window = rows + k * STRIDE_W;
        const VC uniforms = LOAD_ROW(u + k);
        const Drawn drawn = count == KERNEL_H ? draw(window, KERNEL_H, pitch, step, uniforms)
                                              : draw(window, count, pitch, step, uniforms);
        store_outputs(to, k, outputs, drawn.values);
#if INDICES
        store_cells(indices + row, k, outputs, drawn.cells, first - w.before);
#endif
        odd |= !(drawn.totals < (VC)INFINITY);
      }
      if (!any(odd)) continue;
      for (int o = 0; o < outputs; o++) {
        Region region;
        region.x = from;
        region.box = region_of(d, h, w, tables, r * outputs + o);
        region.u = u[o];
        const Statistics drawn = statistics_of(region);
        STORE(to, o, result_of(region, drawn));
#if INDICES
        indices[row + o] = drawn.cell;
#endif
      }
    }
}
