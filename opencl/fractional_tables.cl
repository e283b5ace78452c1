// Lists where fractional regions lie in each plane, as lib/regions.clh reads tables, for kernels that work on
// more than one plane. docs/semantics.md, section 4.
//
// Macros (defaults): TYPE (FLOAT32).
// Arguments: the samples; the tables, those of a plane next to each other; the axes d, h, w, as in
//   lib/fractional.clh where their regions are fractional; the ints from a plane's tables to the next one's;
//   the number of planes. Work-items: (1, plane).
#define FRACTIONAL 1
#include "lib/types.clh"
#include "lib/regions.clh"

// Returns the end of the table.
static inline __global int *list(int8 axis, __global const int *samples, __global int *table) {
  if (axis.s2 >= 0) return table;
  const Starts starts = starts_of(axis, samples);
  __global int *first_covers = table + 1, *covers = first_covers + axis.s0;
  __global int *origins = covers + axis.s0, *ends = origins + axis.s1;
  table[0] = 1;
  for (int o = 0; o < axis.s1; o++) {
    origins[o] = start_of(starts, o);
    ends[o] = -axis.s2;
  }
  int first = 0, end = 0;
  for (int cell = 0; cell < axis.s0; cell++) {
    while (first < axis.s1 && origins[first] <= cell + axis.s2) first++;
    while (end < axis.s1 && origins[end] <= cell) end++;
    first_covers[cell] = first;
    covers[cell] = end - first;
  }
  return ends + axis.s1;
}

__kernel void fractional_tables_list(__global const int *restrict samples, __global int *restrict tables,
                                     const int8 d, const int8 h, const int8 w, const int pitch,
                                     const uint planes) {
  if (get_global_id(0) > 0 || get_global_id(1) >= planes) return;
  __global int *table = tables + get_global_id(1) * (ulong)pitch;
  list(w, samples, list(h, samples, list(d, samples, table)));
}
