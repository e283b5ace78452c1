// Maximum and minimum of large regions: one work-group per output, whose work-items take the cells in
// turn and then halve their number until one is left. docs/semantics.md, 2.4, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0), INDICES (0). Layout NCHW.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); a key and an index of
//   local memory for each work-item, whose number is a power of two. Work-groups: (output, plane).
#include "lib/types.clh"
#include "lib/regions.clh"
#include "lib/maximum.clh"

#ifndef INDICES
#define INDICES 0
#endif

__kernel void max_pool_reduce_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                                      __global int *restrict indices,
#endif
                                      const int8 d, const int8 h, const int8 w,
                                      __global const int *restrict tables, __local BITS *keys,
                                      __local int *cells_of_keys) {
  const int item = (int)get_local_id(0);
  const int items = (int)get_local_size(0);
  const int output = (int)get_group_id(0);
  const ulong plane_number = get_group_id(1);
  const Line td = taps(d, tables, output / w.s1 / h.s1);
  const Line th = taps(h, tables, output / w.s1 % h.s1);
  const Line tw = taps(w, tables, output % w.s1);
  __global const T *plane = x + plane_number * ((uint)d.s0 * h.s0 * w.s0);
  BITS best = LEAST_KEY;
  int index = -1;
  const int columns = cells(tw), rows = cells(th);
  const int count = columns * rows * cells(td);
  for (int i = item; i < count; i += items) {
    const int row = i / columns;
    const int cell = (at(td, td.first + row / rows) * h.s0 + at(th, th.first + row % rows)) * w.s0 +
                     at(tw, tw.first + i % columns);
    const BITS key = key_of(LOAD(plane, cell));
    if (replaces(key, best)) {
      best = key;
      index = cell;
    }
  }
  keys[item] = best;
  cells_of_keys[item] = index;
  for (int half_of_items = items / 2; half_of_items > 0; half_of_items /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < half_of_items) {
      const BITS other = keys[item + half_of_items];
      const int other_index = cells_of_keys[item + half_of_items];
      if (better(other, other_index, keys[item], cells_of_keys[item])) {
        keys[item] = other;
        cells_of_keys[item] = other_index;
      }
    }
  }
  if (item == 0) {
    const ulong at_output = plane_number * ((uint)d.s1 * h.s1 * w.s1) + output;
    STORE(y, at_output, value_of(keys[0]));
#if INDICES
    indices[at_output] = cells_of_keys[0];
#endif
  }
}
