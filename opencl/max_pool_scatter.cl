// Gradient of selections over any regions on a CPU: a work-item clears a plane, then adds each output's
// gradient to the cell that it selected, in ascending order. An index that is no cell of the output's region
// selects nothing. Such indices are seldom, so that rows of outputs are looked through first, eight at a
// time. docs/semantics.md, 5.
//
// A kernel of its own, since for windows of 13x13 tile_scatter.cl takes 7 times as long, which looks through the
// outputs of each tile, and for adaptive regions selection_gradient.cl 70 times, which asks every output that
// covers a cell.
//
// Macros (defaults): TYPE (FLOAT32, or FLOAT64: sums are kept in the result itself), FRACTIONAL (0),
//   CAPACITY (2048): outputs of a row that is looked through at most.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes.
//   Work-items: (1, plane).
#include "lib/types.clh"
#include "lib/regions.clh"
#include "lib/whole_vectors.clh"

#ifndef CAPACITY
#define CAPACITY 2048
#endif
#define LANES 8

static inline bool has_gaps(Axis axis) { return axis.dilation != 1; }

// The ranges along the rows: where they start, and how many cells they have.
typedef struct {
  int starts[CAPACITY], lengths[CAPACITY];
} Ranges;

static inline void list_ranges(Ranges *ranges, Axis w, __global const int *tables) {
  for (int output = 0; output < w.outputs; output++) {
    const Line line = taps(w, tables, output);
    ranges->starts[output] = at(line, line.first);
    ranges->lengths[output] = cells(line);
  }
}

// Whether every index of a row of at least eight outputs is negative or a cell of its output's region.
static inline bool all_inside(__global const int *selected, const Ranges *ranges, int outputs, Line slices,
                              Line rows, int height, int width) {
  int8 outside = 0;
  for (int k = 0; k < outputs; k += LANES) {
    const int first = min(k, outputs - LANES);
    const int8 cell = load8(selected + first);
    const uint8 behind = as_uint8(cell) - as_uint8(load8(ranges->starts + first));
    const uint8 length = as_uint8(load8(ranges->lengths + first));
    int8 inside = cell < 0;
    for (int i = slices.first; i < slices.end; i++)
      for (int j = rows.first; j < rows.end; j++)
        inside |= behind - (uint)((at(slices, i) * height + at(rows, j)) * width) < length;
    outside |= ~inside;
  }
  return !any(outside);
}

// Division by a number that stays: exact for dividends from 0 to 2^31 - 1.
typedef struct {
  ulong factor;
  int shift;
} Divider;

static inline Divider divider_of(int divisor) {
  Divider divider;
  divider.shift = 31 + (32 - (int)clz(divisor - 1));
  divider.factor = (((ulong)1 << divider.shift) + (uint)divisor - 1) / (uint)divisor;
  return divider;
}

static inline int divided(int dividend, Divider divider) {
  return (int)((ulong)dividend * divider.factor >> divider.shift);
}

__kernel void max_pool_scatter_backward(__global const T *restrict grad_output,
                                        __global const int *restrict indices,
                                        __global T *restrict grad_input, const Axis d, const Axis h,
                                        const Axis w, __global const int *restrict tables_of_planes,
                                        const uint planes) {
  const ulong plane = get_global_id(1);
  if (plane >= planes || get_global_id(0) > 0) return;  // any work-group may be asked for
  __global const int *tables = tables_of_planes + plane * d.pitch;
  const int inputs = d.size * h.size * w.size, outputs = d.outputs * h.outputs * w.outputs;
  const Divider by_width = divider_of(w.size), by_height = divider_of(h.size);
  __global const T *gradient = grad_output + plane * outputs;
  __global const int *selected = indices + plane * outputs;
  __global T *sums = grad_input + plane * inputs;
  for (int cell = 0; cell < inputs; cell++) sums[cell] = (T)0;
  const bool looks = w.outputs >= LANES && w.outputs <= CAPACITY && !has_gaps(d) && !has_gaps(h) && !has_gaps(w);
  Ranges ranges;
  if (looks) list_ranges(&ranges, w, tables);
  for (int od = 0; od < d.outputs; od++)
    for (int oh = 0; oh < h.outputs; oh++, gradient += w.outputs, selected += w.outputs) {
      if (looks && all_inside(selected, &ranges, w.outputs, taps(d, tables, od), taps(h, tables, oh), h.size,
                              w.size)) {
        for (int ow = 0; ow < w.outputs; ow++)
          if (selected[ow] >= 0) sums[selected[ow]] += gradient[ow];
        continue;
      }
      for (int ow = 0; ow < w.outputs; ow++) {
        const int cell = selected[ow];
        if ((uint)cell >= (uint)inputs) continue;
        const int row = divided(cell, by_width);
        const int slice = d.size == 1 ? 0 : divided(row, by_height);
        if (contains(w, tables, ow, cell - row * w.size) &&
            contains(h, tables, oh, row - slice * h.size) && contains(d, tables, od, slice))
          sums[cell] += gradient[ow];
      }
    }
}
