// Gradient of selections over any regions on a CPU: a work-item clears a plane, then adds each output's
// gradient to the cell that it selected, in ascending order. An index that is no cell of the output's region
// selects nothing. docs/semantics.md, 5.
//
// Macros (defaults): TYPE (FLOAT32, or FLOAT64: sums are kept in the result itself).
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes.
//   Work-items: (1, plane).
#include "lib/types.clh"
#include "lib/regions.clh"

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
                                        __global T *restrict grad_input, const int8 d, const int8 h,
                                        const int8 w, __global const int *restrict tables,
                                        const uint planes) {
  const ulong plane = get_global_id(1);
  if (plane >= planes) return;
  const int inputs = d.s0 * h.s0 * w.s0, outputs = d.s1 * h.s1 * w.s1;
  const Divider by_width = divider_of(w.s0), by_height = divider_of(h.s0);
  __global const T *gradient = grad_output + plane * outputs;
  __global const int *selected = indices + plane * outputs;
  __global T *sums = grad_input + plane * inputs;
  for (int cell = 0; cell < inputs; cell++) sums[cell] = (T)0;
  for (int od = 0; od < d.s1; od++)
    for (int oh = 0; oh < h.s1; oh++)
      for (int ow = 0; ow < w.s1; ow++, gradient++, selected++) {
        const int cell = *selected;
        if ((uint)cell >= (uint)inputs) continue;
        const int row = divided(cell, by_width);
        const int slice = d.s0 == 1 ? 0 : divided(row, by_height);
        if (contains(w, tables, ow, cell - row * w.s0) &&
            contains(h, tables, oh, row - slice * h.s0) && contains(d, tables, od, slice))
          sums[cell] += *gradient;
      }
}
