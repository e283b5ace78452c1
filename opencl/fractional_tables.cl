// Lists where fractional regions lie in each plane, as lib/regions.clh reads tables, for kernels that work on
// more than one plane. docs/semantics.md, section 4.
//
// Macros (defaults): TYPE (FLOAT32).
// Arguments: the samples; the tables, those of a plane next to each other; the axes d, h, w (lib/regions.clh);
//   the ints from a plane's tables to the next one's; the number of planes. Work-items: (plane).
#define FRACTIONAL 1
#include "lib/regions.clh"

// Returns the end of the table.
static inline __global int *list(Axis axis, __global const int *samples, __global int *table) {
  if (axis.kind != FRACTIONAL_AXIS) return table;
  const Starts starts = starts_of(axis, samples);
  __global int *first_covers = table + 1, *covers = first_covers + axis.size;
  __global int *origins = covers + axis.size, *ends = origins + axis.outputs;
  table[0] = 1;
  for (int o = 0; o < axis.outputs; o++) {
    origins[o] = start_of(starts, o);
    ends[o] = axis.taps;
  }
  int first = 0, end = 0;
  for (int cell = 0; cell < axis.size; cell++) {
    while (first < axis.outputs && origins[first] <= cell - axis.taps) first++;
    while (end < axis.outputs && origins[end] <= cell) end++;
    first_covers[cell] = first;
    covers[cell] = end - first;
  }
  return ends + axis.outputs;
}

__kernel void fractional_tables_list(__global const int *restrict samples, __global int *restrict tables,
                                     const Axis d, const Axis h, const Axis w, const int pitch,
                                     const uint planes) {
  const uint plane = get_global_id(0);
  if (plane >= planes) return;
  __global const int *of_plane = samples + plane * (ulong)d.pitch;
  list(w, of_plane, list(h, of_plane, list(d, of_plane, tables + plane * (ulong)pitch)));
}
